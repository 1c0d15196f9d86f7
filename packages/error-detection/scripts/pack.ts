/**
 * What `npm pack` runs before and after it packs: in the workspace the package is its sources, and
 * what is published is built from them, with a manifest and a README of its own.
 *
 *     node scripts/pack.ts before|after
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { buildPackage } from './build-package.ts'

const PACKAGE = join(import.meta.dirname, '..')
/** Where the workspace's own files are while others are packed in their place. */
const KEPT = join(PACKAGE, '.packing')
const REPLACED = ['package.json', 'README.md']

/** Puts the workspace's files back; nothing where they are in place. */
function restore(): void {
  for (const file of REPLACED) {
    if (existsSync(join(KEPT, file))) renameSync(join(KEPT, file), join(PACKAGE, file))
  }
  rmSync(KEPT, { recursive: true, force: true })
}

async function replace(): Promise<void> {
  // Whoever interrupted an earlier run left them there.
  restore()
  await buildPackage()
  mkdirSync(KEPT, { recursive: true })
  const own = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'))
  const readme = readFileSync(join(PACKAGE, 'package/README.md'), 'utf8')
  for (const file of REPLACED) renameSync(join(PACKAGE, file), join(KEPT, file))
  writeFileSync(join(PACKAGE, 'README.md'), readme)
  writeFileSync(join(PACKAGE, 'package.json'), `${JSON.stringify(published(own), null, 2)}\n`)
}

function published({ name, version, license }: Record<string, string>) {
  return {
    name,
    version,
    description: 'Says why a build failed, from its log',
    license,
    type: 'module',
    engines: { node: '>=20.12' },
    sideEffects: false,
    bin: { 'error-detection': 'dist/cli.js' },
    exports: { '.': { types: './dist/types/index.d.ts', default: './dist/index.js' } },
    files: ['dist'],
    // npm runs what the manifest says now when it has packed.
    scripts: { postpack: 'node scripts/pack.ts after' },
  }
}

const when = process.argv[2]
if (when === 'before') await replace()
else if (when === 'after') restore()
else throw new Error(`pass before or after, not ${when}`)
