import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import semver from 'semver'
import type { BuildContext } from '../build-context.ts'
import { toolEnvironment } from '../commands/command-environment.ts'
import { installFailed } from './install-failed.ts'
import type { PlannedTool } from './plan-tools.ts'
import { isYarnClassicVersion } from './plan-tools.ts'
import type { ToolName } from './tools.ts'

/**
 * Installs a tool from the npm registry into a folder of this build alone. Answers with the folder
 * that belongs on PATH. Throws StepFailed when it cannot be had.
 */
export async function installTool(
  build: BuildContext,
  { tool, version }: PlannedTool,
): Promise<string> {
  const { log, folders, commands } = build
  log.sentence`Installing ${tool} ${version}`
  const prefix = join(folders.tools, tool)
  await mkdir(prefix, { recursive: true })
  const name = toolPackage(tool, version)
  if (!isVersion(version)) {
    log.sentence`${version} is not a version of ${tool}`
    throw installFailed({ exit_code: null })
  }
  const options = [
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error',
  ]
  const exit_code = await commands.run({
    argv: ['npm', 'install', '--prefix', prefix, ...options, `${name}@${version}`],
    folder: prefix,
    environment: toolEnvironment(build),
  })
  if (exit_code !== 0) {
    log.sentence`${tool} ${version} could not be installed`
    throw installFailed({ exit_code })
  }
  return tool === 'nodejs'
    ? join(prefix, 'node_modules', name, 'bin')
    : join(prefix, 'node_modules', '.bin')
}

/** Whether npm takes it for a version, a range or a tag, and not for an address or a folder. */
export function isVersion(text: string): boolean {
  return semver.validRange(text) !== null || /^[a-z][\w.-]*$/i.test(text)
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
