/**
 * Acts on what a provider told of one connection, in the transaction that records the delivery: one
 * that comes again, under its own id or another, does nothing a second time.
 */
import type { TriggerDecision } from '@workers-builds/contracts'
import type { DeliveryResult, Store, TriggerForPush, WebhookDelivery } from '@workers-builds/store'
import { match } from 'ts-pattern'
import type { GitEvent, Push } from './git-event.ts'
import { type Decision, decidePush } from './rules/decide-push.ts'
import { isPushedAfter, isSamePush } from './rules/push-order.ts'

/** The part of the store that a transaction has. */
type Tx = Parameters<Parameters<Store['transaction']>[0]>[0]

export type ReceivedEvent = {
  delivery: WebhookDelivery
  event: Exclude<GitEvent, { type: 'unrelated' }>
  /** The App's installation through which it came. */
  installation_id: string | null
}

export async function recordEvent(
  store: Store,
  { delivery, event, installation_id }: ReceivedEvent,
): Promise<DeliveryResult & { duplicate: boolean }> {
  return await store.transaction(async (tx) => {
    const webhook_delivery_id = await tx.webhookDeliveries.insert(delivery)
    if (webhook_delivery_id === undefined) {
      return { duplicate: true, ...(await tx.webhookDeliveries.selectResult(delivery)) }
    }
    const { repo_connection_uuid } = delivery
    if (installation_id !== null) {
      await tx.repoConnections.setInstallation(repo_connection_uuid, installation_id)
    }
    const done = await act(tx, { event, repo_connection_uuid, webhook_delivery_id })
    await tx.webhookDeliveries.setResult(webhook_delivery_id, done)
    return { duplicate: false, ...done }
  })
}

type Place = { repo_connection_uuid: string; webhook_delivery_id: number }

async function act(
  tx: Tx,
  { event, ...place }: Place & { event: ReceivedEvent['event'] },
): Promise<DeliveryResult> {
  const { repo_connection_uuid } = place
  const nothing = (ignored: string) => ({ build_uuids: [], ignored, decisions: [] })
  return await match(event)
    .with({ type: 'push' }, ({ push }) => recordPush(tx, { push, ...place }))
    .with({ type: 'rerun' }, (check) => rerun(tx, { ...check, ...place }))
    .with({ type: 'branch_deleted' }, async ({ branch, commit_hash }) => {
      const gone = { repo_connection_uuid, branch, commit_hash }
      const skipped = await tx.builds.skipDeletedBranch(gone)
      return nothing(`branch ${branch} was deleted; ${skipped} queued builds of it were skipped`)
    })
    .with({ type: 'repository_moved' }, async ({ type: _, provider_account_id, ...names }) => {
      const owner = provider_account_id === null ? {} : { provider_account_id }
      await tx.repoConnections.rename(repo_connection_uuid, { ...names, ...owner })
      return nothing(`the repository is ${names.provider_account_name}/${names.repo_name} now`)
    })
    .with({ type: 'owner_renamed' }, async ({ provider_account_name }) => {
      await tx.repoConnections.rename(repo_connection_uuid, { provider_account_name })
      return nothing(`the repository's owner is ${provider_account_name} now`)
    })
    .with({ type: 'access_lost' }, async ({ disconnect_reason }) => {
      await tx.repoConnections.disconnect(repo_connection_uuid, disconnect_reason)
      return nothing(`the repository is disconnected: ${disconnect_reason}`)
    })
    .with({ type: 'access_given' }, async ({ after }) => {
      await tx.repoConnections.reconnect(repo_connection_uuid, after)
      return nothing('the repository is connected')
    })
    .with({ type: 'none' }, async ({ reason }) => nothing(reason))
    .exhaustive()
}

/**
 * Queues a build for every trigger that wants this push. It replaces those of the same trigger and
 * branch that are older and still queued; one that arrives after a newer push is skipped itself.
 */
async function recordPush(
  tx: Tx,
  { push, ...place }: Place & { push: Push },
): Promise<DeliveryResult> {
  const triggers = await tx.triggers.lockForPush(place.repo_connection_uuid)
  const repository = await tx.repoConnections.selectRepository(place.repo_connection_uuid)
  const disconnect_reason = repository?.disconnect_reason ?? null
  const decisions: TriggerDecision[] = []
  for (const { trigger, decision } of decidePush({ push, triggers, disconnect_reason })) {
    decisions.push(await recordDecision(tx, { push, trigger, decision, ...place }))
  }
  const queued = decisions.filter((made) => made.decision === 'build')
  return {
    build_uuids: queued.flatMap((made) => made.build_uuid ?? []),
    ignored: queued.length > 0 ? null : whyNone(push, decisions),
    decisions,
  }
}

async function recordDecision(
  tx: Tx,
  {
    push,
    trigger,
    decision,
    webhook_delivery_id,
  }: Place & { push: Push; trigger: TriggerForPush; decision: Decision },
): Promise<TriggerDecision> {
  const { trigger_uuid, script_name, account_id, script_tag, settings } = trigger
  const { branch, commit_hash, push_before, commit_message, author } = push
  const told = { trigger_uuid, script_name, reason: decision.reason }
  if (decision.decision === 'none') {
    return { ...told, decision: 'none', build_uuid: null, skip_reason: null }
  }
  const now = new Date()
  const others = await tx.builds.selectPushes({ trigger_uuid, branch })
  const same = others.find((other) => isSamePush(push, other, { others, now }))
  if (same !== undefined) {
    const reason = 'this push was told before'
    const { build_uuid } = same
    return { ...told, decision: 'none', build_uuid, skip_reason: null, reason }
  }
  const pushed = { ...push, pushed_on: push.pushed_on ?? now }
  const outdated = others.some((other) => isPushedAfter(other, pushed) === true)
  const superseded = decision.decision === 'build' && outdated
  const skip_reason = superseded
    ? 'superseded'
    : decision.decision === 'skip'
      ? decision.skip_reason
      : null
  if (!outdated && decision.decision === 'build') {
    const queued = others.filter((other) => other.status === 'queued')
    await tx.builds.supersede(queued.map((other) => other.build_id))
  }
  const { build_uuid } = await tx.builds.insert(
    {
      ...{ account_id, script_tag, trigger_uuid, settings, webhook_delivery_id },
      ...{ branch, commit_hash, push_before, pushed_on: pushed.pushed_on, commit_message, author },
      build_trigger_source: 'push_event',
    },
    skip_reason,
  )
  const reason = superseded ? 'a later push to the branch came first' : decision.reason
  return { ...told, decision: skip_reason ? 'skip' : 'build', build_uuid, skip_reason, reason }
}

function whyNone({ branch }: Push, decisions: TriggerDecision[]): string {
  const reasons = new Set(
    decisions
      .filter(({ decision, build_uuid }) => decision === 'skip' || build_uuid !== null)
      .map(({ reason }) => reason),
  )
  return reasons.size === 0 ? `no trigger builds branch ${branch}` : [...reasons].join('; ')
}

/** Builds again what the check stands for, with the settings of now. */
async function rerun(
  tx: Tx,
  {
    repo_connection_uuid,
    webhook_delivery_id,
    build_uuid,
    commit_hash,
  }: Place & { build_uuid: string | null; commit_hash: string },
): Promise<DeliveryResult> {
  const triggers = await tx.triggers.lockForPush(repo_connection_uuid)
  const checked = await tx.builds.selectChecked({ repo_connection_uuid, build_uuid, commit_hash })
  const build_uuids: string[] = []
  for (const { trigger_uuid, status, build_id, ...build } of checked) {
    const trigger = triggers.find((found) => found.trigger_uuid === trigger_uuid)
    if (trigger === undefined || status !== 'stopped') continue
    const { account_id, script_tag, settings } = trigger
    const queued = await tx.builds.insert({
      ...{ account_id, script_tag, trigger_uuid, settings, webhook_delivery_id, ...build },
      ...{ build_trigger_source: 'retry', retried_build_id: build_id },
      ...{ push_before: null, pushed_on: null },
    })
    build_uuids.push(queued.build_uuid)
  }
  const ignored = build_uuids.length > 0 ? null : 'no build that has stopped fits the check'
  return { build_uuids, ignored, decisions: [] }
}
