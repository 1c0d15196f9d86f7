import type { PackageManager } from './tools.ts'
import { PACKAGE_MANAGERS } from './tools.ts'

/** Lockfiles in the order in which they decide when a folder has several. */
const LOCKFILES = [
  { lockfile: 'pnpm-lock.yaml', packageManager: 'pnpm' },
  { lockfile: 'yarn.lock', packageManager: 'yarn' },
  { lockfile: 'package-lock.json', packageManager: 'npm' },
  { lockfile: 'npm-shrinkwrap.json', packageManager: 'npm' },
  { lockfile: 'bun.lock', packageManager: 'bun' },
  { lockfile: 'bun.lockb', packageManager: 'bun' },
] as const satisfies { lockfile: string; packageManager: PackageManager }[]

export const LOCKFILE_NAMES: string[] = LOCKFILES.map(({ lockfile }) => lockfile)

export interface PackageManagerChoice {
  packageManager: PackageManager
  /** The version that the `packageManager` field asks for. */
  version: string | null
  /** The chosen one's lockfile, when there is one. */
  lockfile: string | null
}

/**
 * Which package manager installs a project. What the project says itself decides, then its
 * lockfile, then a pnpm workspace; npm is what remains.
 */
export function choosePackageManager(project: {
  /** The `packageManager` fields that apply, the nearest one first. */
  packageManagerFields: unknown[]
  /** Names of the files where dependencies are installed. */
  files: string[]
}): PackageManagerChoice {
  const present = LOCKFILES.filter(({ lockfile }) => project.files.includes(lockfile))
  const asked = project.packageManagerFields.map(parsePackageManager).find((found) => found)
  const packageManager =
    asked?.packageManager ??
    present[0]?.packageManager ??
    (project.files.includes('pnpm-workspace.yaml') ? 'pnpm' : 'npm')
  return {
    packageManager,
    version: asked?.version ?? null,
    lockfile: present.find((lock) => lock.packageManager === packageManager)?.lockfile ?? null,
  }
}

/** Reads `pnpm@10.28.2+sha512.…`; undefined for anything that names none of ours. */
export function parsePackageManager(
  field: unknown,
): { packageManager: PackageManager; version: string | null } | undefined {
  if (typeof field !== 'string') return undefined
  const [, name, version] = field.trim().match(/^([a-z]+)(?:@([^+\s]+).*)?$/) ?? []
  const packageManager = PACKAGE_MANAGERS.find((known) => known === name)
  return packageManager && { packageManager, version: version ?? null }
}

/** The command that installs a project's dependencies, as the log shows it. */
export function installCommand({
  packageManager,
  lockfile,
  isYarnClassic,
}: Pick<PackageManagerChoice, 'packageManager' | 'lockfile'> & { isYarnClassic: boolean }): [
  string,
  ...string[],
] {
  if (packageManager === 'npm') {
    return lockfile === null ? ['npm', 'install'] : ['npm', 'clean-install', '--progress=false']
  }
  if (lockfile === null) return [packageManager, 'install']
  const isBerry = packageManager === 'yarn' && !isYarnClassic
  return [packageManager, 'install', isBerry ? '--immutable' : '--frozen-lockfile']
}
