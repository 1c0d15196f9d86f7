/** The tools that a build can have installed, and where they come from. */
import type { PackageManager } from '@workers-builds/package-managers'

export type ToolName = PackageManager | 'nodejs'

interface ToolFacts {
  /** The program that prints the version of the tool, where there is one. */
  program: string
  /** The variable by which a user asks for a version; none for npm, as in the real product. */
  variable: string | undefined
  /** Installed when nothing is asked for and the machine has none: the build image's version. */
  defaultVersion: string
}

export const TOOLS: Record<ToolName, ToolFacts> = {
  nodejs: { program: 'node', variable: 'NODE_VERSION', defaultVersion: '24.18.0' },
  npm: { program: 'npm', variable: undefined, defaultVersion: '10.9.2' },
  pnpm: { program: 'pnpm', variable: 'PNPM_VERSION', defaultVersion: '10.11.1' },
  yarn: { program: 'yarn', variable: 'YARN_VERSION', defaultVersion: '4.9.1' },
  bun: { program: 'bun', variable: 'BUN_VERSION', defaultVersion: '1.2.15' },
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
