import type { Manifest } from './manifest.ts'
import type { Named } from './package-manager.ts'
import { LOCKFILES, parseDevEngines, parsePackageManager } from './package-manager.ts'

/** What a project has that may name its package manager. */
export interface Evidence {
  /** package.json of the folder that is built. */
  own: Manifest
  /** package.json of the folder where dependencies are installed: `own`, or the workspace's. */
  install: Manifest
  /** The lockfiles of the folder where dependencies are installed. */
  lockfiles: string[]
  /** Whether a pnpm-workspace.yaml is beside them. */
  hasPnpmWorkspace: boolean
  /** package.json of all folders around that one, the nearest first. */
  around: Manifest[]
}

/**
 * The sources, in order of precedence. A package.json says what its people use, so it counts more than
 * any file that a command left behind, and it counts for the folders below (as for Corepack). A
 * lockfile says only what it locks: it counts where dependencies are installed, and there it counts
 * more than the package.json of folders around, of which this project is no part.
 */
export const PRECEDENCE = [
  { source: 'packageManager', find: ({ own }) => parsePackageManager(own.packageManager) },
  { source: 'devEngines', find: ({ own }) => devEnginesOf(own) },
  {
    source: 'packageManager of the workspace',
    find: ({ install }) => parsePackageManager(install.packageManager),
  },
  { source: 'devEngines of the workspace', find: ({ install }) => devEnginesOf(install) },
  { source: 'lockfile', find: ({ lockfiles }) => managersOf(lockfiles) },
  {
    source: 'pnpm-workspace.yaml',
    find: ({ hasPnpmWorkspace }) =>
      hasPnpmWorkspace ? [{ packageManager: 'pnpm', version: null }] : [],
  },
  {
    source: 'package.json of a folder around',
    find: ({ around }) =>
      around.flatMap((manifest) => [
        ...parsePackageManager(manifest.packageManager),
        ...devEnginesOf(manifest),
      ]),
  },
  { source: 'nothing', find: () => [{ packageManager: 'npm', version: null }] },
] as const satisfies { source: string; find(evidence: Evidence): Named[] }[]

export type Source = (typeof PRECEDENCE)[number]['source']

/** The package manager chosen, and the source that decided. */
export interface Choice extends Named {
  decidedBy: Source
  /** The source that names the version; null when none does. */
  versionSource: Source | null
}

/**
 * The first source that names a package manager decides. Where it names several, as `devEngines`
 * may, any of them is right: the one that has a lockfile is taken, else the first. The version is
 * the first one that any source names for that package manager.
 */
export function choose(evidence: Evidence): Choice {
  const locked = managersOf(evidence.lockfiles).map(({ packageManager }) => packageManager)
  const found = PRECEDENCE.map(({ source, find }) => ({ source, named: find(evidence) as Named[] }))
  for (const { source, named: all } of found) {
    const chosen = all.find(({ packageManager }) => locked.includes(packageManager)) ?? all[0]
    if (chosen === undefined) continue
    const { packageManager } = chosen
    const versions = found.flatMap((each) =>
      each.named
        .filter((one) => one.packageManager === packageManager)
        .map(({ version }) => ({ version, source: each.source })),
    )
    const named = versions.find(({ version }) => version !== null)
    return {
      packageManager,
      version: named?.version ?? null,
      decidedBy: source,
      versionSource: named?.source ?? null,
    }
  }
  throw new Error('The last source always names one')
}

function devEnginesOf({ devEngines }: Manifest): Named[] {
  return parseDevEngines(devEngines?.packageManager)
}

function managersOf(lockfiles: string[]): Named[] {
  return LOCKFILES.filter(({ lockfile }) => lockfiles.includes(lockfile)).map(
    ({ packageManager }) => ({ packageManager, version: null }),
  )
}
