import type { BuildContext } from '../build-context.ts'
import { StepFailed } from '../step-failed.ts'

/** Tools or dependencies could not be installed; `reason` is logged where the log lacks it. */
export function installFailed(
  { log }: BuildContext,
  { reason, exit_code }: { reason?: string; exit_code: number | null },
): StepFailed {
  if (reason !== undefined) log.write(reason)
  return new StepFailed({
    failure_reason: 'install_failed',
    exit_code,
    message: 'Failed: error occurred while installing tools or dependencies',
  })
}
