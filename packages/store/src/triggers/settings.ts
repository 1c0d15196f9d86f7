import {
  type CreateTrigger,
  RepoConnection,
  TriggerDetails,
  type UpdateTrigger,
} from '@workers-builds/contracts'
import { z } from 'zod'
import { CANCELLED, endBuilds } from '../builds/end.ts'
import { JsonRowDates, RowDates } from '../row-dates.ts'
import type { Sql } from '../sql.ts'

/** A trigger with its repository and its token, as the API shows it. */
export const TriggerRow = TriggerDetails.extend({
  account_id: z.string(),
  ...RowDates,
  repo_connection: RepoConnection.extend(JsonRowDates),
})
export type TriggerRow = z.infer<typeof TriggerRow>

type OfAccount = { account_id: string; trigger_uuid: string }

/** One trigger, or all of a repository connection or of a Worker. */
type TriggerReference =
  | { trigger_uuid: string }
  | { repo_connection_uuid: string }
  | { script_tag: string }

/** Triggers as their account sets them up. Deleted ones, and other accounts', are unknown. */
export function settingsStatements(sql: Sql) {
  const selectTriggers = sql`
    select t.*, w.account_id, w.script_tag as external_script_id, k.build_token_name,
      to_jsonb(r) - 'webhook_secret_sealed' as repo_connection
    from triggers t
      join workers w using (script_tag)
      join repo_connections r using (repo_connection_uuid)
      join build_tokens k using (build_token_uuid)
    where t.deleted_on is null and w.deleted_on is null`

  const columns = (settings: UpdateTrigger) =>
    Object.fromEntries(
      Object.entries(settings)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, Array.isArray(value) ? sql.json(value) : value]),
    )

  const chosenBy = (reference: TriggerReference) => {
    if ('trigger_uuid' in reference) return sql`t.trigger_uuid = ${reference.trigger_uuid}`
    if ('script_tag' in reference) return sql`t.script_tag = ${reference.script_tag}`
    return sql`t.repo_connection_uuid = ${reference.repo_connection_uuid}`
  }

  return {
    async select(trigger: OfAccount): Promise<TriggerRow | undefined> {
      const [row] = await sql`
        ${selectTriggers} and w.account_id = ${trigger.account_id}
          and t.trigger_uuid = ${trigger.trigger_uuid}`
      return row && TriggerRow.parse(row)
    },

    /** The same, and nobody changes the trigger or its variables until the transaction ends. */
    async lock(trigger: OfAccount): Promise<TriggerRow | undefined> {
      const [row] = await sql`
        ${selectTriggers} and w.account_id = ${trigger.account_id}
          and t.trigger_uuid = ${trigger.trigger_uuid} for update of t`
      return row && TriggerRow.parse(row)
    },

    /** A Worker's triggers, oldest first. */
    async selectByWorker(worker: {
      account_id: string
      script_tag: string
    }): Promise<TriggerRow[]> {
      const rows = await sql`
        ${selectTriggers} and w.account_id = ${worker.account_id}
          and t.script_tag = ${worker.script_tag}
        order by t.created_on, t.trigger_uuid`
      return z.array(TriggerRow).parse(rows)
    },

    async insert({
      external_script_id,
      ...settings
    }: CreateTrigger & { trigger_uuid?: string }): Promise<string> {
      const [row] = await sql<{ trigger_uuid: string }[]>`
        insert into triggers ${sql({ script_tag: external_script_id, ...columns(settings) })}
        returning trigger_uuid`
      if (row === undefined) throw new Error('an insert into triggers returned no row')
      return row.trigger_uuid
    },

    /** Changes these settings and keeps the others. */
    async update(trigger_uuid: string, settings: UpdateTrigger): Promise<void> {
      await sql`
        update triggers set ${sql({ ...columns(settings), modified_on: new Date() })}
        where trigger_uuid = ${trigger_uuid}`
    },

    /** Makes the next builds start without what earlier builds cached. */
    async purgeCache(trigger_uuid: string): Promise<void> {
      await sql`
        update triggers set cache_generation = cache_generation + 1
        where trigger_uuid = ${trigger_uuid}`
    },

    /**
     * Deletes triggers with their variables, and cancels their queued builds; returns the builds
     * that are under way, which their BuildBuddies have to end. Called again it returns those
     * that still are; undefined when there is no such trigger, or nothing left of it.
     */
    async delete(
      which: { account_id: string } & TriggerReference,
    ): Promise<{ unfinished_build_ids: number[] } | undefined> {
      const { account_id, ...reference } = which
      const triggers = await sql<{ trigger_uuid: string; live: boolean }[]>`
        select t.trigger_uuid, t.deleted_on is null as live
        from triggers t join workers w using (script_tag)
        where w.account_id = ${account_id} and ${chosenBy(reference)}
        order by t.trigger_uuid
        for update of t`
      if (triggers.length === 0) return undefined
      const trigger_uuids = triggers.map((trigger) => trigger.trigger_uuid)
      await sql`
        update triggers set deleted_on = now(), modified_on = now()
        where trigger_uuid in ${sql(trigger_uuids)} and deleted_on is null`
      await sql`delete from environment_variables where trigger_uuid in ${sql(trigger_uuids)}`
      await endBuilds(sql, {
        which: sql`b.trigger_uuid in ${sql(trigger_uuids)} and b.status = 'queued'`,
        ending: CANCELLED,
      })
      const unfinished = await sql<{ build_id: number }[]>`
        select build_id from builds
        where trigger_uuid in ${sql(trigger_uuids)} and status <> 'stopped'
        order by build_id`
      if (unfinished.length === 0 && !triggers.some((trigger) => trigger.live)) return undefined
      return { unfinished_build_ids: unfinished.map((build) => build.build_id) }
    },
  }
}
