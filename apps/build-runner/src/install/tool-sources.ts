/**
 * By what a project asks for the version of a tool: one table, which the runner goes through and
 * docs/tool-versions.md shows.
 */
import { readDevEnginesRuntime } from '@workers-builds/package-managers'
import { parse as parseToml, TomlError } from 'smol-toml'
import { bunForLockfile, pnpmForLockfile, yarnForLockfile } from './lockfile-versions.ts'
import type { ToolName } from './tools.ts'

/** A file that may name a version. */
export interface VersionFile {
  name: string
  /** What of it counts, in words; undefined when it is its first line. */
  part?: string
  /** Takes the version from the file; undefined when it names none of this tool. */
  read(text: string): string | undefined
}

/** What may ask for a version. */
export type ToolSource =
  | { kind: 'variable'; name: string }
  /** In the folder that is built, then in the repository's root: of each the first that names one. */
  | { kind: 'files'; files: VersionFile[] }
  /** What package.json says of package managers, see packages/package-managers. */
  | { kind: 'project' }
  /** Versions that understand the lockfile. */
  | { kind: 'lockfile'; files: VersionFile[] }

export interface ToolSources {
  title: string
  /** In order of precedence. */
  sources: ToolSource[]
  /** Versions that are right, as messages show them. */
  examples: string
  /** What may stand before a version, such as `python-`. */
  prefix: RegExp
}

const VARIABLE = (name: string): ToolSource => ({ kind: 'variable', name })
const FILES = (...files: VersionFile[]): ToolSource => ({ kind: 'files', files })
const FIRST_LINE = (name: string): VersionFile => ({ name, read: (text) => linesOf(text)[0] })

/** What .tool-versions calls the tools that a build takes from it. */
const KNOWN_NAMES: string[] = []

/** Lines such as `nodejs 20.18.1 18.0.0`, of which all but the first version are fallbacks. */
const TOOL_VERSIONS = (...names: string[]): VersionFile => {
  KNOWN_NAMES.push(...names)
  return {
    name: '.tool-versions',
    part: `the line of ${names.map((name) => `\`${name}\``).join(' or ')}`,
    read: (text) => parseToolVersions(text).find(({ tool }) => names.includes(tool))?.version,
  }
}

const MATCH = (name: string, part: string, pattern: RegExp): VersionFile => ({
  name,
  part,
  read: (text) => pattern.exec(text)?.[1],
})

/** `v20.18.0`, and `node-20.18.0`, as some tools write it. */
const V = /^v(?=\d)/

export const TOOL_SOURCES: Record<ToolName, ToolSources> = {
  nodejs: {
    title: 'Node.js',
    sources: [
      VARIABLE('NODE_VERSION'),
      FILES(FIRST_LINE('.nvmrc'), FIRST_LINE('.node-version'), TOOL_VERSIONS('nodejs', 'node'), {
        name: 'package.json',
        part: '`devEngines.runtime`',
        read: readDevEnginesRuntime,
      }),
    ],
    examples: '24.18.0, 24, >=22.12 <25 or lts/*',
    prefix: /^(?:v|node-|latest:)(?=\d)/,
  },
  npm: {
    title: 'npm',
    sources: [{ kind: 'project' }, FILES(TOOL_VERSIONS('npm'))],
    examples: 'npm@11.6.0',
    prefix: V,
  },
  pnpm: {
    title: 'pnpm',
    sources: [
      VARIABLE('PNPM_VERSION'),
      { kind: 'project' },
      FILES(TOOL_VERSIONS('pnpm')),
      {
        kind: 'lockfile',
        files: [{ name: 'pnpm-lock.yaml', part: '`lockfileVersion`', read: pnpmForLockfile }],
      },
    ],
    examples: '10.11.1 or 10',
    prefix: V,
  },
  yarn: {
    title: 'Yarn',
    sources: [
      VARIABLE('YARN_VERSION'),
      { kind: 'project' },
      FILES(TOOL_VERSIONS('yarn')),
      {
        kind: 'lockfile',
        files: [{ name: 'yarn.lock', part: 'its generation', read: yarnForLockfile }],
      },
    ],
    examples: '4.9.1 or 1.22.22',
    prefix: V,
  },
  bun: {
    title: 'Bun',
    sources: [
      VARIABLE('BUN_VERSION'),
      { kind: 'project' },
      FILES(TOOL_VERSIONS('bun')),
      {
        kind: 'lockfile',
        files: [{ name: 'bun.lock', part: '`lockfileVersion`', read: bunForLockfile }],
      },
    ],
    examples: '1.2.15 or 1.2',
    prefix: /^(?:v|bun-v?)(?=\d)/,
  },
  python: {
    title: 'Python',
    sources: [
      VARIABLE('PYTHON_VERSION'),
      FILES(FIRST_LINE('.python-version'), FIRST_LINE('runtime.txt'), TOOL_VERSIONS('python')),
    ],
    examples: '3.13.3 or 3.13',
    prefix: /^(?:v|c?python[- ])(?=\d)/i,
  },
  ruby: {
    title: 'Ruby',
    sources: [
      VARIABLE('RUBY_VERSION'),
      FILES(
        FIRST_LINE('.ruby-version'),
        TOOL_VERSIONS('ruby'),
        MATCH('Gemfile', 'the line of `ruby`', /^[ \t]*ruby[ \t(]+["']([^"']+)["']/m),
      ),
    ],
    examples: '3.4.4 or 3.4',
    prefix: /^(?:v|ruby-)(?=\d)/,
  },
  go: {
    title: 'Go',
    sources: [
      VARIABLE('GO_VERSION'),
      FILES(
        TOOL_VERSIONS('golang', 'go'),
        MATCH('go.mod', 'the line of `toolchain`', /^toolchain[ \t]+(\S+)/m),
        {
          name: 'go.mod',
          part: 'the line of `go`, as the least version',
          read: (text) => text.match(/^go[ \t]+(\d\S*)/m)?.[1]?.replace(/^/, '>='),
        },
      ),
    ],
    examples: '1.24.3 or 1.24',
    prefix: /^(?:v|go)(?=\d)/,
  },
  hugo: {
    title: 'Hugo, extended',
    sources: [VARIABLE('HUGO_VERSION'), FILES(TOOL_VERSIONS('hugo', 'gohugo', 'hugo-extended'))],
    examples: '0.147.7 or extended_0.147.7',
    prefix: /^(?:extended_(?:withdeploy_)?)?v?(?=\d)/,
  },
  rust: {
    title: 'Rust',
    sources: [
      VARIABLE('RUST_VERSION'),
      FILES(
        { name: 'rust-toolchain.toml', part: '`toolchain.channel`', read: readRustChannel },
        FIRST_LINE('rust-toolchain'),
        TOOL_VERSIONS('rust'),
      ),
    ],
    examples: '1.85.0, 1.85 or stable',
    prefix: V,
  },
}

/** A line of .tool-versions, the file in which asdf and mise keep the versions of all tools. */
export interface ToolVersion {
  tool: string
  version: string
}

export function parseToolVersions(text: string): ToolVersion[] {
  return linesOf(text).flatMap((line) => {
    const [tool = '', version] = line.split(/\s+/)
    return version === undefined ? [] : [{ tool, version }]
  })
}

/** The entries of .tool-versions that a build takes nothing from. */
export function unknownTools(text: string): ToolVersion[] {
  return parseToolVersions(text).filter(({ tool }) => !KNOWN_NAMES.includes(tool))
}

/** Lines that say something, without comments, blanks and the mark that Windows begins files with. */
function linesOf(text: string): string[] {
  return text
    .split(/\r\n?|\n/)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
}

function readRustChannel(text: string): string | undefined {
  try {
    const { toolchain } = parseToml(text) as { toolchain?: { channel?: unknown } }
    return typeof toolchain?.channel === 'string' ? toolchain.channel : undefined
  } catch (error) {
    if (error instanceof TomlError) return undefined // rustup says what is wrong with it
    throw error
  }
}
