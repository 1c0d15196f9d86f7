/** Which package manager installs a project, as build-runner chooses it, and uv beside. Pure. */
import type { ConfigAutofill } from '@workers-builds/contracts'

type PackageManager = ConfigAutofill['package_manager']

/** In the order in which they decide when a folder has several. */
const LOCKFILES: Record<string, PackageManager> = {
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
}

/** `folders` and `package_managers` (the fields of package.json): the nearest to the project first. */
export function choosePackageManager({
  folders,
  package_managers,
}: {
  folders: string[][]
  package_managers: unknown[]
}): PackageManager {
  for (const field of package_managers) {
    const [, asked] = /^(npm|pnpm|yarn|bun)(?:@|$)/.exec(String(field)) ?? []
    if (asked !== undefined) return asked as PackageManager
  }
  for (const files of folders) {
    const lockfile = Object.keys(LOCKFILES).find((name) => files.includes(name))
    if (lockfile !== undefined) return LOCKFILES[lockfile] ?? 'npm'
    if (files.includes('pnpm-workspace.yaml')) return 'pnpm'
  }
  const [project = []] = folders
  const isPython = project.includes('uv.lock') || project.includes('pyproject.toml')
  return isPython && !project.includes('package.json') ? 'uv' : 'npm'
}
