import type { Fragment, Sql } from '../sql.ts'

/** A Worker, or with no `script_tag` a whole account, that is to be erased. */
export type DeletionTarget = { account_id: string; script_tag: string | null }

/** What builds of a trigger may have cached: something for each time its cache was begun anew. */
export type TriggerCaches = { trigger_uuid: string; cache_generation: number }

/** Whether a row of `workers w` is of the target. */
export function isOfTarget(sql: Sql, { account_id, script_tag }: DeletionTarget): Fragment {
  return sql`w.account_id = ${account_id} and (w.script_tag = ${script_tag} or ${script_tag}::text is null)`
}
