import type { PackageManager } from '@workers-builds/package-managers'
import type { BuildContext } from '../build-context.ts'
import { readNodeVersion } from './node-version.ts'
import type { PlannedTool } from './plan-tools.ts'
import { npmForNode, planTool, yarnForLockfile } from './plan-tools.ts'
import { presentVersion } from './present-tool.ts'
import type { ProjectOnDisk } from './project-on-disk.ts'
import { TOOL_NAMES } from './tool-versions.ts'
import { TOOLS } from './tools.ts'
import { readVersionFile } from './version-file.ts'

/** The tools of a build, in the order in which the log names them: package manager, then Node. */
export async function planBuildTools(
  build: BuildContext,
  { project, folder }: { project: ProjectOnDisk | undefined; folder: string },
): Promise<PlannedTool[]> {
  const askedNode = await readNodeVersion({
    repository: build.folders.repository,
    folder,
    variable: variableOf(build, 'NODE_VERSION'),
  })
  if (project === undefined && askedNode === null) return []
  const node = planTool({
    tool: 'nodejs',
    asked: askedNode,
    present: await presentVersion(build, 'nodejs'),
  })
  if (project === undefined) return [node]
  return [await planPackageManager(build, { project, folder, node }), node]
}

async function planPackageManager(
  build: BuildContext,
  { project, folder, node }: { project: ProjectOnDisk; folder: string; node: PlannedTool },
): Promise<PlannedTool> {
  const tool = project.packageManager
  const present = await presentVersion(build, tool)
  const asked = await askedVersion(build, { project, folder })
  if (asked !== null) return planTool({ tool, asked, present })
  if (tool === 'yarn' && project.lockfile !== null) {
    const isClassic = project.isYarnClassicLockfile
    return planTool({ tool, asked: yarnForLockfile({ isClassic, present }), present })
  }
  const npm = tool === 'npm' && node.install ? npmForNode(node.version) : null
  return planTool({ tool, asked: npm, present })
}

/** What the build asks for by a variable, else by package.json, else by .tool-versions. */
async function askedVersion(
  build: BuildContext,
  { project, folder }: { project: ProjectOnDisk; folder: string },
): Promise<string | null> {
  const { packageManager, version } = project
  const variable = packageManagerVariable(build, packageManager)
  if (variable !== undefined) return variable
  if (version !== null) return version
  const found = await readVersionFile({
    repository: build.folders.repository,
    folder,
    files: [],
    toolNames: TOOL_NAMES[packageManager],
  })
  return found?.text ?? null
}

/** The version that the package manager's own variable asks for, such as PNPM_VERSION. */
export function packageManagerVariable(
  build: BuildContext,
  packageManager: PackageManager,
): string | undefined {
  const name = TOOLS[packageManager].variable
  return (name && variableOf(build, name)?.replace(/^v(?=\d)/, '')) || undefined
}

function variableOf({ spec }: BuildContext, name: string): string | undefined {
  return spec.environment_variables[name]?.value
}
