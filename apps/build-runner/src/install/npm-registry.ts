import { MAX_MESSAGE_LENGTH } from '@workers-builds/contracts'
import semver from 'semver'
import { z } from 'zod'
import type { BuildContext } from '../build-context.ts'
import { toolEnvironment } from '../commands/command-environment.ts'
import { LineSplitter } from '../output/line-splitter.ts'
import { installFailed } from './install-failed.ts'
import type { PlannedTool } from './plan-tools.ts'
import { isYarnClassicVersion } from './plan-tools.ts'
import type { ToolName } from './tools.ts'

/** What `npm view … --json` answers: one version, or all of a range. */
const Versions = z.union([z.array(z.string()), z.string().transform((version) => [version])])

/**
 * The newest version that a range or tag stands for at the npm registry; undefined when it has none.
 * Throws StepFailed when the registry cannot be asked, with what npm says of it in the log.
 */
export async function newestOfNpm(
  build: BuildContext,
  { tool, version }: PlannedTool,
): Promise<string | undefined> {
  const spec = `${toolPackage(tool, version)}@${version}`
  const options = ['--json', '--no-update-notifier', '--loglevel=error']
  const { exit_code, output } = await capture(build, ['npm', 'view', spec, 'version', ...options])
  if (exit_code !== 0 && !NO_SUCH_PACKAGE.test(output)) {
    build.log.write(output)
    build.log.sentence`${tool} ${version} could not be installed`
    throw installFailed({ exit_code })
  }
  const versions = exit_code === 0 ? Versions.safeParse(parseJson(output)).data : undefined
  return versions?.toSorted(semver.compare).at(-1)
}

/** npm's codes for a version, and for a package, that there is none of. */
export const NO_SUCH_PACKAGE = /\b(?:ETARGET|E404)\b/

/** Installs a package into a folder; answers with npm's exit code. `onLine` reads what npm prints. */
export async function installPackage(
  build: BuildContext,
  { prefix, spec, onLine }: { prefix: string; spec: string; onLine?: (line: string) => void },
): Promise<number> {
  const options = ['--no-save', '--no-audit', '--no-fund', '--no-update-notifier']
  return await build.commands.run({
    argv: ['npm', 'install', '--prefix', prefix, ...options, '--loglevel=error', spec],
    folder: prefix,
    environment: toolEnvironment(build),
    output: build.log.lines(onLine),
  })
}

/** Runs a command whose output is an answer and no part of the log. */
export async function capture(
  build: BuildContext,
  argv: [string, ...string[]],
  options: { environment?: Record<string, string> } = {},
): Promise<{ exit_code: number; output: string }> {
  const lines: string[] = []
  const output = new LineSplitter({
    maxLength: MAX_MESSAGE_LENGTH,
    onLine: ({ text }) => lines.push(text),
  })
  const exit_code = await build.commands.run({
    argv,
    folder: build.folders.runner,
    environment: options.environment ?? toolEnvironment(build),
    output,
  })
  return { exit_code, output: lines.join('\n') }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // npm had something else to say
  }
}

/** The npm package that a tool comes in. */
export function toolPackage(
  tool: ToolName,
  version: string,
  { platform, arch } = { platform: process.platform as string, arch: process.arch as string },
): string {
  switch (tool) {
    case 'nodejs': // what the package `node` fetches in its install script, without the script
      return `node-${platform}-${arch}`
    case 'yarn': // `yarn` itself ended with the first generation
      return isYarnClassicVersion(version) ? 'yarn' : '@yarnpkg/cli-dist'
    default:
      return tool
  }
}
