/**
 * Builds what is published into `dist/`: the library as one ES module without Node.js built-ins, its
 * types, and the command.
 *
 * @module
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import process from 'node:process'
import type { BuildOptions } from 'esbuild'
import { build } from 'esbuild'

const PACKAGE = join(import.meta.dirname, '..')
const TYPES = join(PACKAGE, 'dist/types')
const CONTRACTS = '@workers-builds/contracts'

/** Builds all of it anew; throws where something does not compile. */
export async function buildPackage(): Promise<void> {
  rmSync(join(PACKAGE, 'dist'), { recursive: true, force: true })
  const options: BuildOptions = {
    absWorkingDir: PACKAGE,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    tsconfigRaw: '{}',
    logLevel: 'warning',
  }
  await build({
    ...options,
    entryPoints: ['src/index.ts'],
    outfile: 'dist/index.js',
    platform: 'neutral',
  })
  await build({
    ...options,
    entryPoints: ['src/detect.cli.ts'],
    outfile: 'dist/cli.js',
    platform: 'node',
    banner: { js: '#!/usr/bin/env node' },
    // Old revisions are found in this repository only.
    external: ['./cli/old-detector.ts'],
    define: { PROGRAM: '"npx @workers-builds/error-detection"' },
  })
  writeTypes()
}

function writeTypes(): void {
  const compiler = join(PACKAGE, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [compiler, '-p', 'package'], { cwd: PACKAGE, stdio: 'inherit' })
  for (const file of readdirSync(TYPES, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue
    const path = join(TYPES, file)
    const contracts = `${relative(dirname(path), TYPES) || '.'}/contracts.js`
    const text = readFileSync(path, 'utf8').replaceAll(`'${CONTRACTS}'`, `'${contracts}'`)
    writeFileSync(path, text.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"))
  }
  copyFileSync(join(PACKAGE, 'package/contracts.d.ts'), join(TYPES, 'contracts.d.ts'))
}
