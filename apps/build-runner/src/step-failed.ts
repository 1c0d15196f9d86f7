import type { RunnerFailureReason } from '@workers-builds/contracts'

/**
 * A step failed. Its message is the last line of the log, for the user to read: a fixed sentence, since
 * it is not masked.
 */
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
