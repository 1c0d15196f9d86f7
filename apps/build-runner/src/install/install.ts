import { join, relative } from 'node:path'
import type { Project } from '@workers-builds/package-managers'
import type { BuildContext } from '../build-context.ts'
import { BuildCaches } from '../cache/build-caches.ts'
import { cacheEnvironment } from '../cache/cached-folders.ts'
import { commandEnvironment } from '../commands/command-environment.ts'
import { UnreadableFile } from '../files/read-file.ts'
import { NotAVersion, readBeginning } from './asked-version.ts'
import { installCommand } from './install-command.ts'
import { installFailed } from './install-failed.ts'
import { installPython } from './install-python.ts'
import { installRuby } from './install-ruby.ts'
import { installTool, resolveTool } from './install-tool.ts'
import type { InstalledTool } from './installed-tool.ts'
import { isAskedByVariable, planBuildTools } from './plan-build-tools.ts'
import type { PlannedTool } from './plan-tools.ts'
import { isYarnClassicVersion } from './plan-tools.ts'
import { readProjectOnDisk } from './project-on-disk.ts'
import { TOOL_SOURCES, unknownTools } from './tool-sources.ts'

/**
 * Installs the tools that the project asks for, then its dependencies. Answers with the environment
 * for the user's commands, the exit code of the install commands, null when none was needed, and the
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
  const project = await readProject(build, folder)
  const { tools, caches, installed } = await installTools(build, { project, folder })
  const isYarnClassic = isOfYarnClassic(tools)
  const environmentWith = (added: InstalledTool[]) => ({
    ...Object.assign({}, ...added.map((each) => each.environment)),
    ...(caches &&
      project &&
      cacheEnvironment({ ...project, isYarnClassic, home: build.folders.home })),
    ...(project?.packageManager === 'pnpm' && pnpmEnvironment(build, { project, folder })),
    ...commandEnvironment(
      build,
      added.flatMap((each) => each.folders),
    ),
  })
  const ofTools = environmentWith(installed)
  if (isInstallSkipped(build)) {
    await caches?.placeOutput()
    return { environment: ofTools, exit_code: null, caches }
  }
  if (project !== undefined) {
    await installDependencies(build, { project, isYarnClassic, environment: ofTools })
  }
  const others = await installLanguages(build, { folder, environment: ofTools })
  await caches?.placeOutput()
  return {
    environment: environmentWith([...others, ...installed]),
    exit_code: project === undefined && others.length === 0 ? null : 0,
    caches,
  }
}

async function installTools(
  build: BuildContext,
  { project, folder }: { project: Project | undefined; folder: string },
): Promise<{
  tools: PlannedTool[]
  caches: BuildCaches | undefined
  installed: InstalledTool[]
}> {
  try {
    const tools: PlannedTool[] = []
    for (const tool of await planBuildTools(build, { project, folder })) {
      tools.push(await resolveTool(build, tool))
    }
    logDetectedTools(build, tools)
    if (project !== undefined) logStrayLockfiles(build, { project, folder })
    await logUnknownTools(build, folder)
    const packageManager = project?.packageManager
    const caches = await BuildCaches.open(build, { folder, packageManager })
    await caches?.restore()
    const installed: InstalledTool[] = []
    for (const tool of tools.filter(({ install }) => install)) {
      installed.push(await installTool(build, tool))
    }
    return { tools, caches, installed }
  } catch (error) {
    if (!(error instanceof NotAVersion)) throw error
    const { tool, text, source } = error
    const { examples } = TOOL_SOURCES[tool]
    const end = ` is not a version of ${tool}: write one such as ${examples}`
    build.log.sentence(['', ': ', end], source, text)
    throw installFailed({ exit_code: null })
  }
}

async function installLanguages(
  build: BuildContext,
  options: { folder: string; environment: Record<string, string> },
): Promise<InstalledTool[]> {
  const [python, ruby] = [await installPython(build, options), await installRuby(build, options)]
  return [python, ruby].filter((each) => each !== undefined)
}

function isInstallSkipped({ spec }: BuildContext): boolean {
  const { SKIP_DEPENDENCY_INSTALL } = spec.environment_variables
  return ['1', 'true'].includes(SKIP_DEPENDENCY_INSTALL?.value.toLowerCase() ?? '')
}

function isOfYarnClassic(tools: PlannedTool[]): boolean {
  const yarn = tools.find(({ tool }) => tool === 'yarn')
  return yarn !== undefined && isYarnClassicVersion(yarn.version)
}

/** What .tool-versions names besides: nobody should believe that it was installed. */
async function logUnknownTools({ log, folders }: BuildContext, folder: string): Promise<void> {
  const texts = [...new Set([folder, folders.repository])].map((each) =>
    readBeginning(join(each, '.tool-versions')),
  )
  const unknown = (await Promise.all(texts)).flatMap(unknownTools)
  if (unknown.length === 0) return
  const entries = unknown.map(({ tool, version }) => `${tool} ${version}`)
  log.sentence`Not read from .tool-versions: ${entries.join(', ')}`
}

function logDetectedTools({ log }: BuildContext, tools: PlannedTool[]): void {
  const detected = tools.map(({ tool, version }) => `${tool}@${version}`)
  if (detected.length === 0) {
    log.sentence`Detected the following tools from environment: none (no package.json)`
  } else {
    log.sentence`Detected the following tools from environment: ${detected.join(', ')}`
  }
}

async function readProject(build: BuildContext, folder: string): Promise<Project | undefined> {
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
  { project, folder }: { project: Project; folder: string },
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
  { project, folder }: { project: Project; folder: string },
): Record<string, string> {
  const isAskedByMember =
    project.installFolder !== folder && ['packageManager', 'devEngines'].includes(project.decidedBy)
  if (!isAskedByVariable(build, 'pnpm') && !isAskedByMember) return {}
  return { npm_config_manage_package_manager_versions: 'false', pnpm_config_pm_on_fail: 'ignore' }
}

async function installDependencies(
  build: BuildContext,
  options: {
    project: Project
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
  log.warn`NODE_ENV=production is not set for the install, so that devDependencies are installed`
  return others
}
