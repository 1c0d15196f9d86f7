import { relative } from 'node:path'
import type { BuildContext } from '../build-context.ts'
import { BuildCaches } from '../cache/build-caches.ts'
import { cacheEnvironment } from '../cache/cached-folders.ts'
import { commandEnvironment } from '../commands/command-environment.ts'
import { UnreadableFile } from '../files/read-file.ts'
import { installCommand } from './install-command.ts'
import { installFailed } from './install-failed.ts'
import { installTool } from './install-tool.ts'
import { logMissingVersions, logRequirements } from './languages.ts'
import { packageManagerVariable, planBuildTools } from './plan-build-tools.ts'
import { isYarnClassicVersion, type PlannedTool } from './plan-tools.ts'
import type { ProjectOnDisk } from './project-on-disk.ts'
import { readProjectOnDisk } from './project-on-disk.ts'

/**
 * Installs the tools that the project asks for, then its dependencies. Answers with the environment
 * for the user's commands, the exit code of the install command, null when none was needed, and the
 * caches to save when the build has succeeded. Throws StepFailed.
 */
export async function install(
  build: BuildContext,
  folder: string,
): Promise<{
  environment: Record<string, string>
  exit_code: number | null
  caches: BuildCaches | undefined
}> {
  const { spec, folders } = build
  const project = await readProject(build, folder)
  const tools = await planBuildTools(build, { project, folder })
  logDetectedTools(build, tools)
  if (project !== undefined) logStrayLockfiles(build, { project, folder })
  await logMissingVersions(build, folder)
  await logRequirements(build, folder)
  const caches = await BuildCaches.open(build, { folder, packageManager: project?.packageManager })
  await caches?.restore()
  const toolFolders: string[] = []
  for (const tool of tools.filter(({ install }) => install)) {
    toolFolders.push(await installTool(build, tool))
  }
  const yarn = tools.find(({ tool }) => tool === 'yarn')
  const isYarnClassic = yarn !== undefined && isYarnClassicVersion(yarn.version)
  const environment = {
    ...(caches && project && cacheEnvironment({ ...project, isYarnClassic, home: folders.home })),
    ...(project?.packageManager === 'pnpm' && pnpmEnvironment(build, { project, folder })),
    ...commandEnvironment(build, toolFolders),
  }
  const { SKIP_DEPENDENCY_INSTALL } = spec.environment_variables
  const skip = SKIP_DEPENDENCY_INSTALL?.value.toLowerCase()
  if (project === undefined || skip === '1' || skip === 'true') {
    await caches?.placeOutput()
    return { environment, exit_code: null, caches }
  }
  await installDependencies(build, { project, isYarnClassic, environment })
  await caches?.placeOutput()
  return { environment, exit_code: 0, caches }
}

function logDetectedTools({ log }: BuildContext, tools: PlannedTool[]): void {
  const detected = tools.map(({ tool, version }) => `${tool}@${version}`)
  if (detected.length === 0) {
    log.sentence`Detected the following tools from environment: none (no package.json)`
  } else {
    log.sentence`Detected the following tools from environment: ${detected.join(', ')}`
  }
}

async function readProject(
  build: BuildContext,
  folder: string,
): Promise<ProjectOnDisk | undefined> {
  try {
    return await readProjectOnDisk({ repository: build.folders.repository, folder })
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    build.log.fixedSentence(error.message) // names a file that we look for ourselves
    throw installFailed({ exit_code: null })
  }
}

/** A member's lockfile that another package manager wrote is likely to be forgotten there. */
function logStrayLockfiles(
  { log, folders }: BuildContext,
  { project, folder }: { project: ProjectOnDisk; folder: string },
): void {
  const workspace = relative(folders.repository, project.installFolder) || 'the repository’s root'
  for (const lockfile of project.strayLockfiles) {
    const path = relative(folders.repository, `${folder}/${lockfile}`)
    log.sentence`${path} is not used: the folder is a member of the workspace in ${workspace}, which ${project.packageManager} installs`
  }
}

/**
 * Left to itself, a pnpm of 10 or later runs the version that the package.json of the workspace names,
 * in place of the one that PNPM_VERSION or a member's package.json asks for. From 11 on it reads its
 * own prefix only.
 */
function pnpmEnvironment(
  build: BuildContext,
  { project, folder }: { project: ProjectOnDisk; folder: string },
): Record<string, string> {
  const isAskedByMember =
    project.installFolder !== folder && ['packageManager', 'devEngines'].includes(project.decidedBy)
  if (packageManagerVariable(build, 'pnpm') === undefined && !isAskedByMember) return {}
  return { npm_config_manage_package_manager_versions: 'false', pnpm_config_pm_on_fail: 'ignore' }
}

async function installDependencies(
  build: BuildContext,
  options: {
    project: ProjectOnDisk
    isYarnClassic: boolean
    environment: Record<string, string>
  },
): Promise<void> {
  const { log, commands } = build
  const { project, isYarnClassic } = options
  const argv = installCommand({ ...project, isYarnClassic })
  const environment = withDevDependencies(build, options.environment)
  log.fixedSentence(`Installing project dependencies: ${argv.join(' ')}`)
  const exit_code = await commands.run({ argv, folder: project.installFolder, environment })
  if (exit_code !== 0) throw installFailed({ exit_code })
}

/**
 * NODE_ENV=production is meant for bundlers. npm, Yarn and others take it to leave out
 * devDependencies, where compilers and wrangler are, and `npx wrangler` then runs the newest one.
 */
function withDevDependencies(
  { log }: BuildContext,
  environment: Record<string, string>,
): Record<string, string> {
  const { NODE_ENV, ...others } = environment
  if (NODE_ENV !== 'production') return environment
  log.sentence`NODE_ENV=production is not set for the install, so that devDependencies are installed`
  return others
}
