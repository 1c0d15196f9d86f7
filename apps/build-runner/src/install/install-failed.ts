import { StepFailed } from '../step-failed.ts'

/** Tools or dependencies could not be installed, for a reason that stands in the log. */
export function installFailed({ exit_code }: { exit_code: number | null }): StepFailed {
  return new StepFailed({
    failure_reason: 'install_failed',
    exit_code,
    message: 'Failed: error occurred while installing tools or dependencies',
  })
}
