/** The tools that a build can have installed. */
import imageTools from '@workers-builds/build-image/tools.json' with { type: 'json' }
import type { PackageManager } from '@workers-builds/package-managers'

export type Language = 'python' | 'ruby' | 'go' | 'hugo' | 'rust'
export type ToolName = PackageManager | 'nodejs' | Language

interface ToolFacts {
  /** Prints the version of the tool, where there is one. */
  argv: [program: string, ...options: string[]]
  /** Installed when nothing is asked for and the machine has none: the build image's version. */
  defaultVersion: string
  /** Whether versions have names of their own, such as `next`. */
  hasTags: boolean
}

/** What the build image carries; the first version of each is the default. */
export function imageVersion(tool: keyof typeof imageTools): string {
  const [version] = imageTools[tool]
  if (version === undefined) throw new Error(`tools.json has no version of ${tool}`)
  return version
}

export const TOOLS: Record<ToolName, ToolFacts> = {
  nodejs: { argv: ['node', '--version'], defaultVersion: imageVersion('nodejs'), hasTags: false },
  npm: { argv: ['npm', '--version'], defaultVersion: imageVersion('npm'), hasTags: true },
  pnpm: { argv: ['pnpm', '--version'], defaultVersion: imageVersion('pnpm'), hasTags: true },
  yarn: { argv: ['yarn', '--version'], defaultVersion: imageVersion('yarn'), hasTags: true },
  bun: { argv: ['bun', '--version'], defaultVersion: imageVersion('bun'), hasTags: true },
  python: {
    argv: ['python3', '--version'],
    defaultVersion: imageVersion('python'),
    hasTags: false,
  },
  ruby: { argv: ['ruby', '--version'], defaultVersion: imageVersion('ruby'), hasTags: false },
  go: { argv: ['go', 'version'], defaultVersion: imageVersion('go'), hasTags: false },
  hugo: { argv: ['hugo', 'version'], defaultVersion: imageVersion('hugo'), hasTags: false },
  rust: { argv: ['cargo', '--version'], defaultVersion: 'stable', hasTags: false },
}

/** The last Yarn of the first generation, for lockfiles that only that one understands. */
export const YARN_CLASSIC_VERSION = '1.22.22'

/** What `nvm` and its like call the long-term releases. */
export const NODE_CODENAMES: Record<string, string> = {
  dubnium: '10',
  erbium: '12',
  fermium: '14',
  gallium: '16',
  hydrogen: '18',
  iron: '20',
  jod: '22',
  krypton: '24',
}

/** The newest npm that runs on an old Node; newer Nodes run the machine's own. */
export const NPM_FOR_NODE = [
  { node: '<14.17.0', npm: '6.14.18' },
  { node: '<18.17.0', npm: '9.9.4' },
  { node: '<20.17.0', npm: '10.9.2' },
]
