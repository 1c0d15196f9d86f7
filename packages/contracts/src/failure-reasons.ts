/**
 * Why a failed build failed: everything that the control plane knows of each reason, in one table.
 * A new reason is a row here; the compiler then names what else has to know it.
 */
import { z } from 'zod'

interface FailureReasonRow {
  /** Who can see this failure: the program in the build container, or what watches it from outside. */
  reportedBy: readonly ('runner' | 'control_plane')[]
  /**
   * Whether a build that ends with it counts as complete. The failures that are never the user's do
   * not: see `completion.ts`.
   */
  complete: boolean
  /** What a person reads where no better cause is known. */
  title: string
  /** The last line of the log; null where the runner has already said in it what failed. */
  logLine: string | null
}

export const FAILURE_REASONS = {
  clone_failed: {
    reportedBy: ['runner'],
    complete: true,
    title: 'The repository could not be cloned',
    logLine: null,
  },
  install_failed: {
    reportedBy: ['runner'],
    complete: true,
    title: 'Tools or dependencies could not be installed',
    logLine: null,
  },
  build_command_failed: {
    reportedBy: ['runner'],
    complete: true,
    title: 'The build command failed',
    logLine: null,
  },
  deploy_command_failed: {
    reportedBy: ['runner'],
    complete: true,
    title: 'The deploy command failed',
    logLine: null,
  },
  internal_error: {
    reportedBy: ['runner', 'control_plane'],
    complete: false,
    title: 'Something went wrong on our side',
    logLine: 'Failed: an internal error occurred. Please retry the build.',
  },
  initialization_failed: {
    reportedBy: ['control_plane'],
    complete: false,
    title: 'The build environment could not be started',
    logLine: 'Failed: the build environment could not be started. Please retry the build.',
  },
  timed_out: {
    reportedBy: ['control_plane'],
    complete: true,
    title: 'The build took too long',
    logLine: 'Build was timed out',
  },
  health_check_failed: {
    reportedBy: ['control_plane'],
    complete: false,
    title: 'The build environment ended unexpectedly',
    logLine: 'Failed: the build environment stopped answering. Please retry the build.',
  },
  build_token_invalid: {
    // Cloudflare knows of tokens deleted or rolled that the control plane does not know of.
    reportedBy: ['runner', 'control_plane'],
    complete: true,
    title: 'The build token is not valid any more',
    logLine:
      'Failed: The build token selected for this build has been deleted or rolled and cannot be used for this build. Please update your build token in the Worker Builds settings and retry the build.',
  },
  repo_disconnected: {
    reportedBy: ['control_plane'],
    complete: true,
    title: 'The repository is not connected any more',
    logLine:
      'Failed: the Git repository is no longer connected. Please connect it again in the Worker Builds settings and retry the build.',
  },
} as const satisfies Record<string, FailureReasonRow>

export type FailureReason = keyof typeof FAILURE_REASONS
const REASONS = Object.keys(FAILURE_REASONS) as FailureReason[]
export const FailureReason = z.enum(REASONS)

/** The failures that the runner can report. */
export type RunnerFailureReason = {
  [Reason in FailureReason]: 'runner' extends (typeof FAILURE_REASONS)[Reason]['reportedBy'][number]
    ? Reason
    : never
}[FailureReason]
export const RunnerFailureReason = z.enum(REASONS.filter(isRunnerFailureReason))

function isRunnerFailureReason(reason: FailureReason): reason is RunnerFailureReason {
  return FAILURE_REASONS[reason].reportedBy.some((reporter) => reporter === 'runner')
}

/** The failures that are never the user's: a build that ended with one is not complete. */
export const INCOMPLETE_REASONS: readonly FailureReason[] = REASONS.filter(
  (reason) => !FAILURE_REASONS[reason].complete,
)
