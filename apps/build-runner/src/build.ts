import type { BuildSpec, RunnerFailureReason } from '@workers-builds/contracts'
import type { CommandRunner } from './commands/command-runner.ts'
import type { BuildLog } from './output/build-log.ts'

/** The folders of a build. All of them are below `home`, which is the build's alone. */
export interface BuildFolders {
  /** HOME of every command; the working folder that the runner was started in. */
  home: string
  /** What is cloned. */
  repository: string
  /** Tools that are installed for this build. */
  tools: string
  /** The runner's own. */
  runner: string
  /** Where the host puts what earlier builds saved, and takes what this one saves. */
  cache: CacheFolders | undefined
}

/** The folders through which a build and its host pass what is cached. */
export interface CacheFolders {
  /** Archives of earlier builds. */
  restore: string
  /** Archives for later ones. */
  save: string
}

/** What every step of a build works with. */
export interface Build {
  spec: BuildSpec
  folders: BuildFolders
  log: BuildLog
  commands: CommandRunner
  /** The environment that the runner itself was given; it holds nothing of the build. */
  baseEnvironment: Record<string, string>
  /** Aborted when the build has to end. */
  signal: AbortSignal
}

/** A step failed, for a reason that is told to the user as the last line of the log. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed'
  readonly failure_reason: RunnerFailureReason
  /** Exit code of the command that failed; null when none did. */
  readonly exit_code: number | null

  constructor(options: {
    failure_reason: RunnerFailureReason
    exit_code: number | null
    message: string
  }) {
    super(options.message)
    this.failure_reason = options.failure_reason
    this.exit_code = options.exit_code
  }
}
