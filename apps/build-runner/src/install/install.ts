import type { BuildContext } from '../build-context.ts'
import { BuildCaches } from '../cache/build-caches.ts'
import { cacheEnvironment } from '../cache/cached-folders.ts'
import { commandEnvironment } from '../commands/command-environment.ts'
import { StepFailed } from '../step-failed.ts'
import { installTool } from './install-tool.ts'
import { tellOfLanguages } from './languages.ts'
import { readNodeVersion } from './node-version.ts'
import { installCommand } from './package-manager.ts'
import type { PlannedTool } from './plan-tools.ts'
import { npmForNode, planTool, yarnForLockfile } from './plan-tools.ts'
import { presentVersion } from './present-tool.ts'
import type { Project } from './project.ts'
import { readProject } from './project.ts'
import { TOOLS } from './tools.ts'

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
  const { spec, folders, log } = build
  const project = await readProject({ repository: folders.repository, folder })
  const tools = await planTools(build, { project, folder })
  const detected = tools.map(({ tool, version }) => `${tool}@${version}`)
  log.write(`Detected the following tools from environment: ${detected.join(', ')}`)
  await tellOfLanguages(build, folder)
  const caches = await BuildCaches.open(build, { folder, packageManager: project?.packageManager })
  await caches?.restore()
  const toolFolders: string[] = []
  for (const tool of tools.filter(({ install }) => install)) {
    toolFolders.push(await installTool(build, tool))
  }
  const yarn = tools.find(({ tool }) => tool === 'yarn')
  const isYarnClassic = yarn?.version.startsWith('1.') ?? false
  const environment = {
    ...(caches && project && cacheEnvironment({ ...project, isYarnClassic, home: folders.home })),
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

async function installDependencies(
  { log, commands }: BuildContext,
  options: { project: Project; isYarnClassic: boolean; environment: Record<string, string> },
): Promise<void> {
  const { project, isYarnClassic, environment } = options
  const argv = installCommand({ ...project, isYarnClassic })
  log.write(`Installing project dependencies: ${argv.join(' ')}`)
  const exit_code = await commands.run({ argv, folder: project.installFolder, environment })
  if (exit_code !== 0) {
    throw new StepFailed({
      failure_reason: 'install_failed',
      exit_code,
      message: 'Failed: error occurred while installing tools or dependencies',
    })
  }
}

/** The tools in the order in which the log names them: the package manager, then Node. */
async function planTools(
  build: BuildContext,
  { project, folder }: { project: Project | undefined; folder: string },
): Promise<PlannedTool[]> {
  const variable = (name: string) => build.spec.environment_variables[name]?.value
  const askedNode = await readNodeVersion({
    repository: build.folders.repository,
    folder,
    variable: variable('NODE_VERSION'),
  })
  if (project === undefined && askedNode === null) return []
  const node = planTool({
    tool: 'nodejs',
    asked: askedNode,
    present: await presentVersion(build, 'nodejs'),
  })
  if (project === undefined) return [node]
  return [await planPackageManager(build, { project, node, variable }), node]
}

async function planPackageManager(
  build: BuildContext,
  options: {
    project: Project
    node: PlannedTool
    variable: (name: string) => string | undefined
  },
): Promise<PlannedTool> {
  const { project, node, variable } = options
  const tool = project.packageManager
  const present = await presentVersion(build, tool)
  const name = TOOLS[tool].variable
  const asked = (name && variable(name)?.replace(/^v(?=\d)/, '')) || project.version
  if (asked !== null) return planTool({ tool, asked, present })
  if (tool === 'yarn' && project.lockfile !== null) {
    const isClassic = project.isYarnClassicLockfile
    return planTool({ tool, asked: yarnForLockfile({ isClassic, present }), present })
  }
  const npm = tool === 'npm' && node.install ? npmForNode(node.version) : null
  return planTool({ tool, asked: npm, present })
}
