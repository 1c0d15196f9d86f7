/** What becomes of a push: for each trigger of its repository, a build, or why there is none. Pure. */
import type { SkipReason } from '@workers-builds/contracts'
import type { TriggerForPush } from '@workers-builds/store'
import type { Push } from '../git-event.ts'
import { closeness, isBranchBuilt } from './branch-rules.ts'
import { asksForNoBuild } from './skip-ci.ts'
import { isWatched } from './watch-paths.ts'

/**
 * `skip` is recorded as a skipped build: the branch is the trigger's, so somebody may wait for a
 * build. `none` is not: it would be one row for every push to a branch that is none of its concern.
 */
export type Decision =
  | { decision: 'build'; reason: string }
  | { decision: 'skip'; skip_reason: SkipReason; reason: string }
  | { decision: 'none'; reason: string }

type Trigger = Omit<TriggerForPush, 'settings' | 'account_id' | 'repo_connection_uuid'>

export function decidePush<T extends Trigger>({
  push,
  triggers,
  disconnect_reason,
}: {
  push: Push
  triggers: T[]
  /** Why the provider does not let us at the repository, where it does not. */
  disconnect_reason: string | null
}): { trigger: T; decision: Decision }[] {
  return triggers.map((trigger) => ({
    trigger,
    decision: decide(push, trigger, triggers, disconnect_reason),
  }))
}

function decide(
  push: Push,
  trigger: Trigger,
  triggers: Trigger[],
  disconnect_reason: string | null,
): Decision {
  const { branch } = push
  const none = (reason: string): Decision => ({ decision: 'none', reason })
  const skip = (skip_reason: SkipReason, reason: string): Decision => {
    return { decision: 'skip', skip_reason, reason }
  }
  if (!isBranchBuilt(branch, trigger)) return none(`the trigger does not build branch ${branch}`)
  const closer = triggers.some(
    (other) =>
      other.script_tag === trigger.script_tag &&
      isBranchBuilt(branch, other) &&
      closeness(branch, other) > closeness(branch, trigger),
  )
  if (closer) return none(`another trigger of the Worker names branch ${branch} more closely`)
  if (!trigger.builds_enabled) {
    return skip('builds_disabled', 'builds of pushes are switched off for the trigger')
  }
  if (disconnect_reason !== null) {
    return skip('repo_disconnected', `the repository is disconnected: ${disconnect_reason}`)
  }
  if (push.skip_asked || asksForNoBuild(push.commit_message)) {
    return skip('skip_ci', 'the commit message or the push asks for no build')
  }
  if (!isWatched(push, trigger)) {
    const files = push.changed_files.length
    return skip('paths_excluded', `none of the ${files} changed files is in the watch paths`)
  }
  return { decision: 'build', reason: `the trigger builds branch ${branch}` }
}
