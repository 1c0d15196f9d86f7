/**
 * Fetches a published package into a folder, with the ordinary client of its registry. What was
 * fetched before is kept.
 *
 * @module
 */
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

export type Registry = 'npm' | 'pypi' | 'crates' | 'go'

export interface Fetched {
  /** The version that it is, where a range or `latest` was asked for. */
  version: string
  folder: string
}

const CACHE = join(import.meta.dirname, '../node_modules/.cache/catalogues')

/** `name` at `version`, `latest` for the newest one. Throws where the registry does not have it. */
export function fetchPackage(registry: Registry, name: string, version = 'latest'): Fetched {
  return FETCHERS[registry](name, version)
}

const FETCHERS: Readonly<Record<Registry, (name: string, version: string) => Fetched>> = {
  npm(name, wanted) {
    const versions: string | string[] = JSON.parse(
      run('npm', ['view', '--json', `${name}@${wanted}`, 'version']),
    )
    const version = typeof versions === 'string' ? versions : (versions.at(-1) ?? wanted)
    return cached(`npm/${name}@${version}`, version, (folder) => {
      run('npm', ['pack', '--silent', `${name}@${version}`], folder)
      run('tar', ['xzf', firstFile(folder), '--strip-components=1'], folder)
    })
  },
  pypi(name, wanted) {
    const pip = (arguments_: string[]) => run('python3', ['-m', 'pip', ...arguments_])
    const version =
      wanted === 'latest'
        ? (/\(([^)]+)\)/.exec(pip(['index', 'versions', name]))?.[1] ?? wanted)
        : wanted
    return cached(`pypi/${name}@${version}`, version, (folder) => {
      pip(['download', '--quiet', '--no-deps', '-d', folder, `${name}==${version}`])
      const file = firstFile(folder)
      if (file.endsWith('.whl')) run('python3', ['-m', 'zipfile', '-e', file, '.'], folder)
      else run('tar', ['xzf', file], folder)
    })
  },
  crates(name, wanted) {
    const spec = wanted === 'latest' ? name : `${name}@${wanted}`
    const info = run('cargo', ['info', '--quiet', spec], tmpdir())
    const version = /^version: (\S+)/m.exec(info)?.[1] ?? wanted
    const sources = join(process.env['CARGO_HOME'] ?? join(homedir(), '.cargo'), 'registry/src')
    const folder = readdirSync(sources)
      .map((index) => join(sources, index, `${name}-${version}`))
      .find((path) => existsSync(path))
    if (!folder) throw new Error(`cargo did not keep the sources of ${name} ${version}`)
    return { version, folder }
  },
  go(name, wanted) {
    const { Version, Dir }: { Version: string; Dir: string } = JSON.parse(
      run('go', ['mod', 'download', '-json', `${name}@${wanted}`], tmpdir()),
    )
    return { version: Version.replace(/^v/, '').replace('+incompatible', ''), folder: Dir }
  },
}

function cached(key: string, version: string, fill: (folder: string) => void): Fetched {
  const folder = join(CACHE, key.replaceAll('/', '+'))
  if (!existsSync(folder)) {
    mkdirSync(CACHE, { recursive: true })
    const fresh = mkdtempSync(join(CACHE, 'fetching-'))
    try {
      fill(fresh)
      renameSync(fresh, folder)
    } finally {
      rmSync(fresh, { recursive: true, force: true })
    }
  }
  return { version, folder }
}

function firstFile(folder: string): string {
  const [file] = readdirSync(folder)
  if (!file) throw new Error(`nothing was fetched into ${folder}`)
  return join(folder, file)
}

/** The name of the npm package in `folder`. */
export function nameIn(folder: string): string {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name
}

/** A field of the package's own manifest: the versions of the packages that it is made with. */
export function dependenciesOf(folder: string): Readonly<Record<string, string>> {
  const path = join(folder, 'package.json')
  if (!existsSync(path)) return {}
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(readFileSync(path, 'utf8'))
  return { ...dependencies, ...optionalDependencies }
}

function run(program: string, arguments_: readonly string[], cwd?: string): string {
  return execFileSync(program, arguments_, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
