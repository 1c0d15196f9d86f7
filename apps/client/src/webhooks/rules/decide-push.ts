/**
 * What becomes of a push: for each trigger of its repository a build, with the builds that it
 * replaces, or why there is none. Pure: the writer does what it says.
 */
import type { SkipReason } from '@workers-builds/contracts'
import type { PushRow, TriggerForPush } from '@workers-builds/store'
import { closeness, isBranchBuilt } from '../../triggers/branch-rules.ts'
import type { Push } from '../git-event.ts'
import { findRepeated, isOutdated, timeOfPush } from './push-order.ts'
import { findSkipMarker } from './skip-ci.ts'
import { isWatched } from './watch-paths.ts'

/**
 * `skip` is recorded as a skipped build: the branch is the trigger's, so somebody may wait for a
 * build. `none` is not: it would be one row for every push to a branch that the trigger does not
 * build. `repeated`: the push was received before, and has its build.
 */
export type PushDecision =
  | {
      decision: 'build'
      reason: string
      pushed_on: Date
      /** Queued builds of older pushes, by `build_id`. */
      supersedes: number[]
    }
  | { decision: 'skip'; skip_reason: SkipReason; reason: string; pushed_on: Date }
  | { decision: 'none'; reason: string }
  | { decision: 'repeated'; reason: string; build_uuid: string }

type Trigger = Omit<TriggerForPush, 'settings' | 'account_id' | 'repo_connection_uuid'>

export type ReceivedPush = {
  push: Push
  /** Why the repository cannot be read, where it cannot. */
  disconnect_reason: string | null
  now: Date
}

/** `triggers` are all of the repository; `earlier` their pushes to the branch, latest receipt first. */
export function decidePush<T extends Trigger>({
  triggers,
  earlier,
  ...received
}: ReceivedPush & { triggers: T[]; earlier: PushRow[] }): { trigger: T; decision: PushDecision }[] {
  return triggers.map((trigger) => {
    const ofTrigger = earlier.filter(({ trigger_uuid }) => trigger_uuid === trigger.trigger_uuid)
    return { trigger, decision: decide({ ...received, trigger, triggers, earlier: ofTrigger }) }
  })
}

function decide({
  push,
  disconnect_reason,
  now,
  trigger,
  triggers,
  earlier,
}: ReceivedPush & { trigger: Trigger; triggers: Trigger[]; earlier: PushRow[] }): PushDecision {
  const notBuilt = whyBranchIsNotBuilt(push, trigger, triggers)
  if (notBuilt !== undefined) return { decision: 'none', reason: notBuilt }
  const repeated = findRepeated(push, { earlier, now })
  if (repeated !== undefined) {
    const reason = 'this push was received before'
    return { decision: 'repeated', reason, build_uuid: repeated.build_uuid }
  }
  const pushed_on = timeOfPush(push, { earlier, now })
  const skip =
    whySkipped({ push, trigger, disconnect_reason }) ??
    (isOutdated({ ...push, pushed_on }, earlier) ? SUPERSEDED : undefined)
  if (skip !== undefined) return { decision: 'skip', pushed_on, ...skip }
  return {
    decision: 'build',
    reason: `the trigger builds branch ${push.branch}`,
    pushed_on,
    supersedes: earlier
      .filter(({ status }) => status === 'queued')
      .map((queued) => queued.build_id),
  }
}

type Skip = { skip_reason: SkipReason; reason: string }

const SUPERSEDED: Skip = {
  skip_reason: 'superseded',
  reason: 'a newer push to the branch was received first',
}

function whyBranchIsNotBuilt(
  { branch }: Push,
  trigger: Trigger,
  triggers: Trigger[],
): string | undefined {
  if (!isBranchBuilt(branch, trigger)) return `the trigger does not build branch ${branch}`
  const closer = triggers.some(
    (other) =>
      other.script_tag === trigger.script_tag &&
      isBranchBuilt(branch, other) &&
      closeness(branch, other) > closeness(branch, trigger),
  )
  return closer ? `another trigger of the Worker names branch ${branch} more closely` : undefined
}

function whySkipped({
  push,
  trigger,
  disconnect_reason,
}: {
  push: Push
  trigger: Trigger
  disconnect_reason: string | null
}): Skip | undefined {
  const skip = (skip_reason: SkipReason, reason: string): Skip => ({ skip_reason, reason })
  if (!trigger.builds_enabled) {
    return skip('builds_disabled', 'builds of pushes are switched off for the trigger')
  }
  if (disconnect_reason !== null) {
    return skip('repo_disconnected', `the repository is disconnected: ${disconnect_reason}`)
  }
  if (push.skip_asked) return skip('skip_ci', 'the push has the option ci.skip')
  const marker = findSkipMarker(push.commit_message)
  if (marker !== undefined) return skip('skip_ci', `the commit message contains ${marker}`)
  if (!isWatched(push, trigger)) {
    const files = push.changed_files.length
    return skip('paths_excluded', `none of the ${files} changed files is in the watch paths`)
  }
  return undefined
}
