/** The lines that the control plane itself writes into a log, when it ends a build. */

import { type BuildState, FAILURE_REASONS } from '@workers-builds/contracts'

/** The last line of the log of a build that ended in `state`; null where there is none to add. */
export function controlLine({ build_outcome, failure_reason }: BuildState): string | null {
  if (build_outcome === 'cancelled') return 'Build was cancelled'
  return failure_reason === null ? null : FAILURE_REASONS[failure_reason].logLine
}
