/** Writes what was decided of a push, in the transaction that records its delivery. */
import type { TriggerDecision } from '@workers-builds/contracts'
import type { DeliveryResult, SubStores, TriggerForPush } from '@workers-builds/store'
import { queueBuild } from '../builds/queue-build.ts'
import type { Push } from './git-event.ts'
import { decidePush, type PushDecision } from './rules/decide-push.ts'

type Delivery = { repo_connection_uuid: string; webhook_delivery_id: number }

/** Queues a build for every trigger that builds this push; the triggers stay locked meanwhile. */
export async function recordPush(
  tx: SubStores,
  { push, now, repo_connection_uuid, webhook_delivery_id }: Delivery & { push: Push; now: Date },
): Promise<DeliveryResult> {
  const triggers = await tx.triggers.lockForPush(repo_connection_uuid)
  const repository = await tx.repoConnections.selectRepository(repo_connection_uuid)
  const earlier = await tx.builds.selectPushes({
    trigger_uuids: triggers.map(({ trigger_uuid }) => trigger_uuid),
    branch: push.branch,
  })
  const disconnect_reason = repository?.disconnect_reason ?? null
  const decisions: TriggerDecision[] = []
  for (const decided of decidePush({ push, triggers, earlier, disconnect_reason, now })) {
    decisions.push(await recordDecision(tx, { ...decided, push, webhook_delivery_id }))
  }
  const builds = decisions.filter(({ decision }) => decision === 'build')
  return {
    build_uuids: builds.flatMap(({ build_uuid }) => build_uuid ?? []),
    ignored: builds.length > 0 ? null : whyNoBuild(push, decisions),
    decisions,
  }
}

async function recordDecision(
  tx: Pick<SubStores, 'builds'>,
  {
    push,
    trigger,
    decision,
    webhook_delivery_id,
  }: {
    push: Push
    trigger: TriggerForPush
    decision: PushDecision
    webhook_delivery_id: number
  },
): Promise<TriggerDecision> {
  const base = {
    trigger_uuid: trigger.trigger_uuid,
    script_name: trigger.script_name,
    reason: decision.reason,
  }
  if (decision.decision === 'none' || decision.decision === 'repeated') {
    const build_uuid = decision.decision === 'repeated' ? decision.build_uuid : null
    return { ...base, decision: 'none', build_uuid, skip_reason: null }
  }
  if (decision.decision === 'build') await tx.builds.supersede(decision.supersedes)
  const skip_reason = decision.decision === 'skip' ? decision.skip_reason : null
  const { build_uuid } = await queueBuild(tx, {
    trigger,
    commit: push,
    source: 'push_event',
    push: { push_before: push.push_before, pushed_on: decision.pushed_on, skip_reason },
    webhook_delivery_id,
  })
  return { ...base, decision: decision.decision, build_uuid, skip_reason }
}

function whyNoBuild({ branch }: Push, decisions: TriggerDecision[]): string {
  const reasons = new Set(
    decisions
      .filter(({ decision, build_uuid }) => decision === 'skip' || build_uuid !== null)
      .map(({ reason }) => reason),
  )
  return reasons.size === 0 ? `no trigger builds branch ${branch}` : [...reasons].join('; ')
}
