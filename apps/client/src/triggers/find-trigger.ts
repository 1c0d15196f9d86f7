import { BuildsError } from '@workers-builds/contracts'
import type { Store, TriggerRow } from '@workers-builds/store'

type Trigger = { account_id: string; trigger_uuid: string }

/** The trigger that the path names; another account's, or a deleted one, is unknown. */
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

export function noSuchTrigger({ trigger_uuid }: { trigger_uuid: string }): BuildsError {
  return new BuildsError('not_found', `Not found: trigger ${trigger_uuid}`)
}
