/**
 * What npm does not carry comes with mise, in versions that were resolved here: it reads nothing of
 * the project's, runs no code of it, and reports nothing to anybody. An operator's own MISE_… variables,
 * such as those of mirrors, are in the environment of the runner and go to it.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import semver from 'semver'
import type { BuildContext } from '../build-context.ts'
import { toolEnvironment } from '../commands/command-environment.ts'
import { isFile } from '../files/read-file.ts'
import { findProgram } from './find-program.ts'
import type { InstalledTool } from './installed-tool.ts'
import { capture, installPackage } from './npm-registry.ts'
import type { PlannedTool } from './plan-tools.ts'
import { imageVersion, type ToolName } from './tools.ts'

/** What mise calls a tool, where that is not its name. */
const MISE_NAMES: Partial<Record<ToolName, string>> = { hugo: 'hugo-extended' }

/** The newest version that a range stands for; undefined when there is none. */
export async function newestOfMise(
  build: BuildContext,
  { tool, version }: PlannedTool,
): Promise<string | undefined> {
  const mise = await findMise(build)
  if (mise === undefined) return undefined
  const { exit_code, output } = await capture(
    build,
    [mise, 'latest', `${nameOf(tool)}@${prefixOf(version)}`],
    { environment: miseEnvironment(build) },
  )
  const newest = output.trim().split('\n').at(-1) ?? ''
  return exit_code === 0 && semver.valid(newest, { loose: true }) !== null ? newest : undefined
}

export async function installWithMise(
  build: BuildContext,
  { tool, version }: PlannedTool,
): Promise<InstalledTool | 'failed' | 'no_such_version'> {
  const mise = await findMise(build)
  if (mise === undefined) return 'failed'
  const environment = miseEnvironment(build)
  const spec = `${nameOf(tool)}@${versionOf({ tool, version })}`
  let isMissing = false
  const exit_code = await build.commands.run({
    argv: [mise, 'install', spec],
    folder: build.folders.runner,
    environment,
    output: build.log.lines((line) => {
      isMissing ||= NO_SUCH_VERSION.test(line)
    }),
  })
  if (exit_code !== 0) return isMissing ? 'no_such_version' : 'failed'
  const paths = await capture(build, [mise, 'bin-paths', spec], { environment })
  if (paths.exit_code !== 0) return 'failed'
  return { folders: paths.output.split('\n').filter(Boolean), environment: {} }
}

const NO_SUCH_VERSION =
  /404 Not Found|no (?:precompiled|matching|prebuilt)|not found in|does not exist/i

function nameOf(tool: ToolName): string {
  return MISE_NAMES[tool] ?? tool
}

/** `3.14.0-rc2` → `3.14.0rc2`, as Python and Go write it. */
function versionOf({ tool, version }: Pick<PlannedTool, 'tool' | 'version'>): string {
  return tool === 'python' || tool === 'go' ? version.replace(/-(?=[a-z])/, '') : version
}

/** `~3.3.1`, `3.3.x` → `3.3`: mise takes the first numbers of a version for a range. */
function prefixOf(range: string): string {
  if (/^\d+(?:\.\d+)?$/.test(range)) return range
  const lowest = semver.minVersion(range, { loose: true })
  return lowest === null ? range : `${lowest.major}.${lowest.minor}`
}

function miseEnvironment(build: BuildContext): Record<string, string> {
  const folder = join(build.folders.tools, 'mise')
  return {
    ...toolEnvironment(build),
    MISE_DATA_DIR: join(folder, 'data'),
    MISE_CACHE_DIR: join(folder, 'cache'),
    MISE_CONFIG_DIR: join(folder, 'config'),
    MISE_STATE_DIR: join(folder, 'state'),
    MISE_CEILING_PATHS: build.folders.home,
    MISE_SAFE: '1',
    MISE_USE_VERSIONS_HOST: '0',
    MISE_USE_VERSIONS_HOST_TRACK: '0',
    MISE_PYTHON_COMPILE: '0',
    MISE_RUBY_COMPILE: '0',
    MISE_YES: '1',
  }
}

/** The machine's mise, or one from the npm registry; undefined when that cannot be had. */
async function findMise(build: BuildContext): Promise<string | undefined> {
  const present = await findProgram(build, 'mise')
  if (present !== undefined) return present
  const prefix = join(build.folders.tools, 'mise', 'program')
  const name = `@jdxcode/mise-${process.platform}-${process.arch}`
  const program = join(prefix, 'node_modules', name, 'bin', 'mise')
  if (await isFile(program)) return program
  await mkdir(prefix, { recursive: true })
  const exit_code = await installPackage(build, {
    prefix,
    spec: `${name}@${imageVersion('mise')}`,
  })
  return exit_code === 0 ? program : undefined
}
