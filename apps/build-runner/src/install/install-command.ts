import type { Project } from '@workers-builds/package-managers'

/** The command that installs a project's dependencies, as the log shows it. */
export function installCommand({
  packageManager,
  lockfile,
  isOutsidePnpmWorkspace,
  isYarnClassic,
}: Pick<Project, 'packageManager' | 'lockfile' | 'isOutsidePnpmWorkspace'> & {
  isYarnClassic: boolean
}): [string, ...string[]] {
  switch (packageManager) {
    case 'npm':
      return lockfile === null ? ['npm', 'install'] : ['npm', 'clean-install', '--progress=false']
    case 'pnpm': {
      const frozen = lockfile === null ? [] : ['--frozen-lockfile']
      // Else pnpm installs the workspace around the project, and nothing of the project.
      const alone = isOutsidePnpmWorkspace ? ['--ignore-workspace'] : []
      return ['pnpm', 'install', ...frozen, ...alone]
    }
    case 'yarn':
      if (lockfile === null) return ['yarn', 'install']
      return ['yarn', 'install', isYarnClassic ? '--frozen-lockfile' : '--immutable']
    case 'bun':
      return ['bun', 'install', ...(lockfile === null ? [] : ['--frozen-lockfile'])]
  }
}
