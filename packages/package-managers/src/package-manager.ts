export const PACKAGE_MANAGERS = ['npm', 'pnpm', 'yarn', 'bun'] as const
export type PackageManager = (typeof PACKAGE_MANAGERS)[number]

/** Lockfiles, in the order in which they decide when a folder has several. */
export const LOCKFILES = [
  { lockfile: 'pnpm-lock.yaml', packageManager: 'pnpm' },
  { lockfile: 'yarn.lock', packageManager: 'yarn' },
  { lockfile: 'package-lock.json', packageManager: 'npm' },
  { lockfile: 'npm-shrinkwrap.json', packageManager: 'npm' },
  { lockfile: 'bun.lock', packageManager: 'bun' },
  { lockfile: 'bun.lockb', packageManager: 'bun' },
] as const satisfies { lockfile: string; packageManager: PackageManager }[]

/** A package manager that something in the project names. */
export interface Named {
  packageManager: PackageManager
  /** A version, a range or a tag; null when none is named. */
  version: string | null
}

/** Reads `pnpm@10.28.2+sha512.…`; nothing for what names none of ours. */
export function parsePackageManager(field: unknown): Named[] {
  if (typeof field !== 'string') return []
  const [, name, version] = field.trim().match(/^([a-z]+)(?:@([^+\s]+).*)?$/) ?? []
  return named(name, version)
}

/**
 * Reads `{ "name": "pnpm", "version": "^9.15.0" }`, or an array of such objects, any of which may be
 * used; nothing for what names none of ours.
 */
export function parseDevEngines(field: unknown): Named[] {
  return [field].flat().flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return []
    const { name, version } = entry as { name?: unknown; version?: unknown }
    return named(name, typeof version === 'string' ? version.replace(/\+\S*/, '').trim() : '')
  })
}

function named(name: unknown, version: string | undefined): Named[] {
  const packageManager = PACKAGE_MANAGERS.find((known) => known === name)
  return packageManager ? [{ packageManager, version: version || null }] : []
}
