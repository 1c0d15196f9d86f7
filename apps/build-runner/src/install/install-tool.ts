import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import semver from 'semver'
import type { BuildContext } from '../build-context.ts'
import { NotAVersion } from './asked-version.ts'
import { installGoToolchain, newestOfGo } from './go-toolchain.ts'
import { installFailed } from './install-failed.ts'
import type { InstalledTool } from './installed-tool.ts'
import { installWithMise, newestOfMise } from './mise.ts'
import { installPackage, NO_SUCH_PACKAGE, newestOfNpm, toolPackage } from './npm-registry.ts'
import type { PlannedTool } from './plan-tools.ts'
import { TOOLS, type ToolName } from './tools.ts'

/** Tools that come from the npm registry; the others come with mise. */
const NPM_TOOLS: ToolName[] = ['nodejs', 'npm', 'pnpm', 'yarn', 'bun']

/**
 * Has an exact version in place of a range or a tag, so that the log names what runs. Throws
 * NotAVersion when there is none.
 */
export async function resolveTool(build: BuildContext, planned: PlannedTool): Promise<PlannedTool> {
  const { tool, install, version, asked } = planned
  if (!install || semver.valid(version) !== null || version === TOOLS[tool].defaultVersion) {
    return planned
  }
  const newest = await newestOf(build, planned)
  if (newest === undefined) throw notAVersion({ tool, version, asked })
  return { ...planned, version: newest }
}

async function newestOf(build: BuildContext, planned: PlannedTool): Promise<string | undefined> {
  if (NPM_TOOLS.includes(planned.tool)) return await newestOfNpm(build, planned)
  const ofGo = planned.tool === 'go' ? await newestOfGo(build, planned.version) : undefined
  return ofGo ?? (await newestOfMise(build, planned))
}

/**
 * Installs a tool into a folder of this build alone. Throws NotAVersion when there is no such
 * version, and StepFailed when it cannot be had.
 */
export async function installTool(
  build: BuildContext,
  planned: PlannedTool,
): Promise<InstalledTool> {
  const { tool, version } = planned
  build.log.sentence`Installing ${tool} ${version}`
  const installed = await tryToInstall(build, planned)
  if (installed === 'no_such_version') throw notAVersion(planned)
  if (installed !== 'failed') return installed
  build.log.sentence`${tool} ${version} could not be installed`
  throw installFailed({ exit_code: null })
}

async function tryToInstall(
  build: BuildContext,
  planned: PlannedTool,
): Promise<InstalledTool | 'failed' | 'no_such_version'> {
  if (NPM_TOOLS.includes(planned.tool)) return await installFromNpm(build, planned)
  const go = planned.tool === 'go' ? await installGoToolchain(build, planned.version) : undefined
  return go ?? (await installWithMise(build, planned))
}

function notAVersion({ tool, version, asked }: Omit<PlannedTool, 'install'>): NotAVersion {
  return new NotAVersion({
    tool,
    text: asked?.text ?? version,
    source: asked?.source ?? 'tools.json',
  })
}

async function installFromNpm(
  build: BuildContext,
  { tool, version }: PlannedTool,
): Promise<InstalledTool | 'failed' | 'no_such_version'> {
  const prefix = join(build.folders.tools, tool)
  await mkdir(prefix, { recursive: true })
  const name = toolPackage(tool, version)
  let isMissing = false
  const exit_code = await installPackage(build, {
    prefix,
    spec: `${name}@${version}`,
    onLine: (line) => {
      isMissing ||= NO_SUCH_PACKAGE.test(line)
    },
  })
  if (exit_code !== 0) return isMissing ? 'no_such_version' : 'failed'
  const folder =
    tool === 'nodejs'
      ? join(prefix, 'node_modules', name, 'bin')
      : join(prefix, 'node_modules', '.bin')
  return { folders: [folder], environment: {} }
}
