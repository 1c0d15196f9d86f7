import type { UpdateEnvironmentVariables } from '@workers-builds/contracts'
import type { Store } from '@workers-builds/store'
import { mergeVariables } from './merge-variables.ts'

/** Changes the variables of a trigger that the transaction locked or created. */
export async function applyVariables(
  tx: Pick<Store, 'environmentVariables'>,
  {
    trigger_uuid,
    change,
    sealed,
  }: {
    trigger_uuid: string
    change: UpdateEnvironmentVariables
    sealed: ReadonlyMap<string, string>
  },
): Promise<void> {
  const current = await tx.environmentVariables.selectByTrigger(trigger_uuid)
  const { upserts, removals } = mergeVariables({ current, change, sealed })
  await tx.environmentVariables.delete(trigger_uuid, removals)
  await tx.environmentVariables.upsert(trigger_uuid, upserts)
}
