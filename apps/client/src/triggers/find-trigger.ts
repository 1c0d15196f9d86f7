import { BuildsError } from '@workers-builds/contracts'
import type { Store, TriggerForPush, TriggerRow } from '@workers-builds/store'

type Trigger = { account_id: string; trigger_uuid: string }

/** The trigger that the path names; another account's, or a deleted one, is not found. */
export async function findTrigger(
  store: Pick<Store, 'triggers'>,
  { account_id, trigger_uuid }: Trigger,
): Promise<TriggerRow> {
  const row = await store.triggers.select({ account_id, trigger_uuid })
  if (row === undefined) throw noSuchTrigger({ trigger_uuid })
  return row
}

/** The same, locked until the transaction ends. */
export async function lockTrigger(
  tx: Pick<Store, 'triggers'>,
  { account_id, trigger_uuid }: Trigger,
): Promise<TriggerRow> {
  const row = await tx.triggers.lock({ account_id, trigger_uuid })
  if (row === undefined) throw noSuchTrigger({ trigger_uuid })
  return row
}

/** The same, with what a build of it runs with at this moment. */
export async function lockTriggerForBuild(
  tx: Pick<Store, 'triggers'>,
  trigger: Trigger,
): Promise<TriggerForPush> {
  const row = await tx.triggers.lockForBuild(trigger)
  if (row === undefined) throw noSuchTrigger(trigger)
  return row
}

export function noSuchTrigger({ trigger_uuid }: { trigger_uuid: string }): BuildsError {
  return new BuildsError('not_found', `Not found: trigger ${trigger_uuid}`)
}
