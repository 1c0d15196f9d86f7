/**
 * Failures that the control plane knows of by itself. They need no log, and where the build was
 * ended from outside they say more than any line of it.
 *
 * @module
 */

import type { DetectedError, FailureReason, Step } from '@workers-builds/contracts'
import type { Cause } from './causes.ts'
import { CAUSES } from './causes.ts'

interface ControlPlaneFailure {
  error_code: string
  error_group: string
  cause: Cause
  step: Step | null
  /** Ranks of the log's own errors that explain the failure better. */
  unless_confidence?: number
}

/** By failure reason; the runner's own reasons say only which step failed, so they are not here. */
const FAILURES: Partial<Record<FailureReason, ControlPlaneFailure>> = {
  timed_out: {
    error_code: 'build_timed_out',
    error_group: 'Build was timed out',
    cause: 'timed_out',
    step: null,
  },
  health_check_failed: {
    error_code: 'health_check_failed',
    error_group: 'The build container stopped answering',
    cause: 'container_unhealthy',
    step: null,
    unless_confidence: 0.95, // a heap or disk that ran full is why it stopped answering
  },
  initialization_failed: {
    error_code: 'initialization_failed',
    error_group: 'The build environment could not be started',
    cause: 'initialization_failed',
    step: 'initializing',
  },
  internal_error: {
    error_code: 'internal_error',
    error_group: 'Failed: an internal error occurred',
    cause: 'platform_internal_error',
    step: null,
    unless_confidence: 0.9,
  },
  build_token_invalid: {
    error_code: 'build_token_invalid',
    error_group: 'The build token was deleted or rolled',
    cause: 'build_token_invalid',
    step: 'initializing',
  },
  repo_disconnected: {
    error_code: 'repo_disconnected',
    error_group: 'The repository is not connected',
    cause: 'repo_disconnected',
    step: 'initializing',
  },
}

/** The errors of a build that failed for `failure_reason` and whose log holds `errors`. */
export function errorsOfControlPlane(
  failure_reason: FailureReason | null,
  errors: DetectedError[],
): DetectedError[] {
  const failure = failure_reason ? FAILURES[failure_reason] : undefined
  if (!failure) return errors
  const { error_code, error_group, cause, step, unless_confidence = 1 } = failure
  const better = errors.filter(({ confidence }) => confidence >= unless_confidence)
  if (better.length > 0) return better
  // The log may hold the control plane's own line for it: that is the decisive one.
  const own = errors.find((error) => error.cause === cause)
  const { fault, title } = CAUSES[cause]
  return [
    { error_code, error_group, cause, fault, step, line: own?.line ?? null, confidence: 1, title },
  ]
}
