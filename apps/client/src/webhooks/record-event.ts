/**
 * Acts on an event of one connection, in the transaction that records the delivery: one that comes
 * again, under its own id or another, does nothing a second time.
 */
import type { DeliveryResult, Store, SubStores, WebhookDelivery } from '@workers-builds/store'
import { match } from 'ts-pattern'
import type { GitEvent } from './git-event.ts'
import { recordPush } from './record-push.ts'
import { rerun } from './rerun.ts'

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
  const now = new Date()
  return await store.transaction(async (tx) => {
    const webhook_delivery_id = await tx.webhookDeliveries.insert(delivery)
    if (webhook_delivery_id === undefined) {
      return { duplicate: true, ...(await tx.webhookDeliveries.selectResult(delivery)) }
    }
    const { repo_connection_uuid } = delivery
    if (installation_id !== null) {
      await tx.repoConnections.setInstallation(repo_connection_uuid, installation_id)
    }
    const result = await act(tx, { event, now, repo_connection_uuid, webhook_delivery_id })
    await tx.webhookDeliveries.setResult(webhook_delivery_id, result)
    return { duplicate: false, ...result }
  })
}

type Place = { repo_connection_uuid: string; webhook_delivery_id: number }

async function act(
  tx: SubStores,
  { event, now, ...place }: Place & { event: ReceivedEvent['event']; now: Date },
): Promise<DeliveryResult> {
  const { repo_connection_uuid } = place
  const nothing = (ignored: string) => ({ build_uuids: [], ignored, decisions: [] })
  return await match(event)
    .with({ type: 'push' }, async ({ push, repository }) => {
      const { pushed_on } = push
      if (repository) await tx.repoConnections.takeName(repo_connection_uuid, repository, pushed_on)
      return await recordPush(tx, { push, now, ...place })
    })
    .with({ type: 'rerun' }, (check) => rerun(tx, { ...check, ...place }))
    .with({ type: 'branch_deleted' }, async ({ branch, commit_hash, deleted_on }) => {
      const skipped = await tx.builds.skipDeletedBranch({
        repo_connection_uuid,
        branch,
        commit_hash,
        deleted_on: deleted_on ?? now,
      })
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
