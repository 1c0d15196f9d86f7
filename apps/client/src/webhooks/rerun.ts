import type { DeliveryResult, SubStores } from '@workers-builds/store'
import { queueBuild } from '../builds/queue-build.ts'

/** A check at the provider that a user asked to run again. */
export type Rerun = {
  repo_connection_uuid: string
  webhook_delivery_id: number
  /** Null: all checks of the commit. */
  build_uuid: string | null
  commit_hash: string
}

/** Builds the commit of the check again, with the current settings. */
export async function rerun(
  tx: SubStores,
  { repo_connection_uuid, webhook_delivery_id, build_uuid, commit_hash }: Rerun,
): Promise<DeliveryResult> {
  const triggers = await tx.triggers.lockForPush(repo_connection_uuid)
  const checked = await tx.builds.selectChecked({ repo_connection_uuid, build_uuid, commit_hash })
  const build_uuids: string[] = []
  for (const { trigger_uuid, status, build_id, ...commit } of checked) {
    const trigger = triggers.find((live) => live.trigger_uuid === trigger_uuid)
    if (trigger === undefined || status !== 'stopped') continue
    const queued = await queueBuild(tx, {
      trigger,
      commit,
      source: 'retry',
      retried_build_id: build_id,
      webhook_delivery_id,
    })
    build_uuids.push(queued.build_uuid)
  }
  const ignored = build_uuids.length > 0 ? null : 'no build that has stopped fits the check'
  return { build_uuids, ignored, decisions: [] }
}
