/** The lines that the control plane itself writes into a log, when it ends a build. */

import { BUILD_TOKEN_INVALID_LINE, type BuildState } from '@workers-builds/contracts'
import { match, P } from 'ts-pattern'

/** What the log says last of a build that ended in `state`; undefined where nothing is to say. */
export function controlLine(state: BuildState): string | undefined {
  return match(state)
    .with({ build_outcome: 'cancelled' }, () => 'Build was cancelled')
    .with({ failure_reason: 'timed_out' }, () => 'Build was timed out')
    .with(
      { failure_reason: 'health_check_failed' },
      () => 'Failed: the build environment stopped answering. Please retry the build.',
    )
    .with(
      { failure_reason: 'initialization_failed' },
      () => 'Failed: the build environment could not be started. Please retry the build.',
    )
    .with({ failure_reason: 'build_token_invalid' }, () => BUILD_TOKEN_INVALID_LINE)
    .with(
      { failure_reason: 'repo_disconnected' },
      () =>
        'Failed: the Git repository is no longer connected. Please connect it again in the Worker Builds settings and retry the build.',
    )
    .with(
      { failure_reason: 'internal_error' },
      () => 'Failed: an internal error occurred. Please retry the build.',
    )
    .with({ build_outcome: P.any }, () => undefined)
    .exhaustive()
}
