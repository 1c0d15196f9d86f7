import type { TriggerDetails } from '@workers-builds/contracts'
import type { TriggerRow } from '@workers-builds/store'
import { withIsoDates } from '../api/iso-dates.ts'

/** A trigger as the API shows it. */
export function triggerView({ account_id: _, ...row }: TriggerRow): TriggerDetails {
  return { ...withIsoDates(row), repo_connection: withIsoDates(row.repo_connection) }
}
