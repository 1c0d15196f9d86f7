import {
  isFailedBuild,
  type SkipReason,
  type V4Message,
  v4Message,
} from '@workers-builds/contracts'
import type { BuildRow } from '@workers-builds/store'

const SKIPPED: Record<SkipReason, string> = {
  superseded: 'a newer push to the branch is built instead',
  worker_deleted: 'its Worker was deleted',
  branch_deleted: 'its branch was deleted',
  builds_disabled: 'builds of its trigger are switched off',
  repo_disconnected: 'its repository is not connected any more',
  skip_ci: 'the commit message or the push asks for no build',
  paths_excluded: 'the push changed nothing that the trigger watches',
}

/** Why a build that was not scanned has no explanation. Pure. */
export function noExplanation(
  build: Pick<BuildRow, 'build_uuid' | 'status' | 'build_outcome' | 'skip_reason'>,
): V4Message {
  return v4Message('no_explanation', `Build ${build.build_uuid} ${stateOf(build)}`)
}

function stateOf({
  status,
  build_outcome,
  skip_reason,
}: Parameters<typeof noExplanation>[0]): string {
  if (status !== 'stopped') {
    return `is ${status}: it is explained when it has failed; ask again then.`
  }
  if (isFailedBuild(build_outcome)) return 'failed, and its log is being read: ask again shortly.'
  switch (build_outcome) {
    case 'success':
      return 'succeeded: there is nothing to explain.'
    case 'cancelled':
      return 'was cancelled: nothing failed in it, so that there is nothing to explain.'
    default:
      return `was skipped and never ran: ${skip_reason === null ? 'it was not needed' : SKIPPED[skip_reason]}.`
  }
}
