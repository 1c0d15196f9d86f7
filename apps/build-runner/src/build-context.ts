import type { BuildLimits, BuildSpec } from '@workers-builds/contracts'
import type { BuildFolders } from './build-folders.ts'
import type { LineSplitter } from './output/line-splitter.ts'
import type { LogWriter } from './output/log-writer.ts'

/** What every step of a build works with. */
export interface BuildContext {
  spec: BuildSpec
  folders: BuildFolders
  log: LogWriter
  commands: Commands
  /** The environment that the runner itself was given; it holds nothing of the build. */
  baseEnvironment: Record<string, string>
  /** Aborted when the build has to end. */
  signal: AbortSignal
}

/** Runs the commands of a build, one at a time. */
export interface Commands {
  /**
   * Runs a command with its output in the log; answers with its exit code, 128 + n when signal n
   * ended it, 127 when there is no such program. Throws the signal's reason when the build ends.
   */
  run(command: Command): Promise<number>
  /** Waits for `ms`, or throws the signal's reason when the build ends. */
  pause(ms: number): Promise<void>
}

export interface Command {
  /** Program and arguments. */
  argv: [string, ...string[]]
  folder: string
  environment: Record<string, string>
  /** What bounds it beside what bounds the whole build. */
  limits?: BuildLimits
  /** Takes the output in place of the log. */
  output?: LineSplitter
}
