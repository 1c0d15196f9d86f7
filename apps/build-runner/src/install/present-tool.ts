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
  const [program, ...options] = TOOLS[tool].argv
  try {
    const { stdout } = await startForBuild((ids) =>
      promisify(execFile)(program, options, {
        ...ids,
        cwd: build.folders.runner,
        env: toolEnvironment(build),
        timeout: TIMEOUT_MS,
      }),
    )
    return readVersion(stdout)
  } catch {
    return null // not there, or does not run on this machine
  }
}

/**
 * The version in what a tool prints: `v24.18.0`, `ruby 3.1.2p20 (2022-04-12)`, `go version go1.24.3
 * linux/amd64`, and of Yarn's release 4.9.1 `4.9.1-git.20250411.hash-1908ee79f`.
 */
export function readVersion(text: string): string | null {
  const version = /\d+\.\d+(?:\.\d+(?:-(?:alpha|beta|rc|next|canary|dev)[\w.]*)?)?/.exec(text)?.[0]
  return version === undefined
    ? null
    : (semver.valid(version) ?? semver.coerce(version)?.version ?? null)
}
