import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import semver from 'semver'
import type { BuildContext } from '../build-context.ts'
import { startForBuild } from '../commands/act-as-user.ts'
import { toolEnvironment } from '../commands/command-environment.ts'
import type { ToolName } from './tools.ts'
import { TOOLS } from './tools.ts'

/** A tool that has not printed its version by then counts as missing. */
const TIMEOUT_MS = 10_000

/** The version of a tool that the machine has; null when it has none that works. */
export async function presentVersion(build: BuildContext, tool: ToolName): Promise<string | null> {
  try {
    const { stdout } = await startForBuild((ids) =>
      promisify(execFile)(TOOLS[tool].program, ['--version'], {
        ...ids,
        cwd: build.folders.runner,
        env: toolEnvironment(build),
        timeout: TIMEOUT_MS,
      }),
    )
    // Yarn says `4.9.1-git.20250411.hash-1908ee79f` of its release 4.9.1.
    return semver.clean(stdout.trim().replace(/-git\..*$/, ''))
  } catch {
    return null // not there, or does not run on this machine
  }
}
