import type { WebhookResult } from '@workers-builds/contracts'
import type { Store, WebhookDelivery } from '@workers-builds/store'
import { isBranchBuilt } from './branch-rules.ts'
import type { Push } from './github-push.ts'
import { isPushedAfter } from './push-order.ts'

/**
 * Queues a build for every trigger that wants this push, in the transaction that records the
 * delivery: a delivery that comes again, under its own id or another, makes no second build.
 *
 * A push replaces those of the same trigger and branch that are older and still queued; one that
 * arrives after a newer push is skipped itself.
 */
export async function queueBuilds(
  store: Store,
  { delivery, push }: { delivery: WebhookDelivery; push: Push },
): Promise<Pick<WebhookResult, 'duplicate' | 'build_uuids' | 'ignored'>> {
  return await store.transaction(async (tx) => {
    const webhook_delivery_id = await tx.webhookDeliveries.insert(delivery)
    if (webhook_delivery_id === undefined) {
      const build_uuids = await tx.webhookDeliveries.selectBuildUuids(delivery)
      return { duplicate: true, build_uuids, ignored: null }
    }
    const triggers = await tx.triggers.lockForPush(delivery.repo_connection_uuid)
    const { branch, commit_hash, push_before, pushed_on, commit_message, author } = push
    const build_uuids: string[] = []
    for (const trigger of triggers.filter((found) => isBranchBuilt(branch, found))) {
      const { trigger_uuid, account_id, script_tag, settings } = trigger
      const others = await tx.builds.selectPushes({ trigger_uuid, branch })
      const outdated = others.some((other) => isPushedAfter(other, push) === true)
      if (!outdated) {
        const queued = others.filter((other) => other.status === 'queued')
        await tx.builds.supersede(queued.map((other) => other.build_id))
      }
      const { build_uuid } = await tx.builds.insert(
        {
          ...{ account_id, script_tag, trigger_uuid, settings, webhook_delivery_id },
          ...{ branch, commit_hash, push_before, pushed_on, commit_message, author },
          build_trigger_source: 'push_event',
        },
        outdated ? 'superseded' : null,
      )
      build_uuids.push(build_uuid)
    }
    const ignored = build_uuids.length > 0 ? null : `no trigger builds branch ${branch}`
    return { duplicate: false, build_uuids, ignored }
  })
}
