import type { Sql } from '../sql.ts'
import { finishDeletion } from './finish.ts'
import { type Deletion, requestDeletion } from './request.ts'
import type { DeletionTarget, TriggerCaches } from './target.ts'

export type DeletionStore = ReturnType<typeof deletionStore>

/**
 * Erasing Workers and accounts. Asking for it takes their secrets and their access at once, in one
 * transaction, and leaves a row in `deletions`. Scheduler then works off the builds, each one's
 * BuildBuddy first and its row after, so that no log is left that no row leads to; the target's
 * own row goes last, and the row in `deletions` with it. So it may be interrupted anywhere.
 */
export function deletionStore(sql: Sql) {
  return {
    /**
     * Asks for a Worker's builds, settings and variables to be erased; undefined when the account
     * has no such Worker. Asking again only reports how far it is.
     */
    async requestWorker(target: {
      account_id: string
      script_tag: string
    }): Promise<Deletion | undefined> {
      return await requestDeletion(sql, target)
    },

    /**
     * Asks for an account to be erased with all that it has; undefined when there is none. Its API
     * tokens open nothing from then on, and its Git hosts' webhooks find no connection.
     */
    async requestAccount({ account_id }: { account_id: string }): Promise<Deletion | undefined> {
      return await requestDeletion(sql, { account_id, script_tag: null })
    },

    /**
     * Builds of what is to be erased, in order, after `after`. One that was never claimed has no
     * BuildBuddy. Scheduler asks at each pass: with nothing to erase, no build may be looked at.
     */
    async selectBuilds({ after, limit }: { after: number; limit: number }) {
      return await sql<{ build_id: number; claimed: boolean }[]>`
        select distinct b.build_id, b.claimed_on is not null as claimed
        from deletions d
          join workers w on w.account_id = d.account_id
            and (w.script_tag = d.script_tag or d.script_tag is null)
          cross join lateral (
            select build_id, claimed_on from builds
            where script_tag = w.script_tag and build_id > ${after}
            order by build_id
            limit ${limit}
          ) b
        order by b.build_id
        limit ${limit}`
    },

    /**
     * Deletes the rows of builds and all that hangs on them. Locks the builds in the order in which
     * `buildErrorScans` locks them, so that a scan of some of them waits, or is waited for.
     */
    async deleteBuilds(build_ids: number[]): Promise<void> {
      if (build_ids.length === 0) return
      const ofBuilds = sql`build_id in ${sql(build_ids)}`
      await sql.begin((tx) => [
        tx`select from builds where ${ofBuilds} order by build_id for update`,
        tx`delete from builds where ${ofBuilds}`,
      ])
    },

    /**
     * What builds of the targets that have no build left may have cached, by target. Nothing is
     * added to it any more.
     */
    async selectCaches(): Promise<(DeletionTarget & { caches: TriggerCaches[] })[]> {
      return await sql<(DeletionTarget & { caches: TriggerCaches[] })[]>`
        select d.account_id, d.script_tag,
          jsonb_agg(jsonb_build_object(
            'trigger_uuid', t.trigger_uuid, 'cache_generation', t.cache_generation)) as caches
        from deletions d
          join workers w on w.account_id = d.account_id
            and (w.script_tag = d.script_tag or d.script_tag is null)
          join triggers t on t.script_tag = w.script_tag
        where not exists (
          select from workers others join builds b on b.script_tag = others.script_tag
          where others.account_id = d.account_id
            and (others.script_tag = d.script_tag or d.script_tag is null))
        group by d.deletion_id, d.account_id, d.script_tag
        order by d.deletion_id`
    },

    /**
     * Deletes the targets that have no build left, but for those of `kept`; returns how many are
     * still to be erased.
     */
    async finish({ kept = [] }: { kept?: DeletionTarget[] } = {}): Promise<{ left: number }> {
      const targets = await sql<DeletionTarget[]>`
        select account_id, script_tag from deletions order by script_tag nulls last, deletion_id`
      for (const target of targets) {
        // A Worker's caches are its account's, too: with the account, their keys would be lost.
        const isKept = kept.some(
          ({ account_id, script_tag }) =>
            account_id === target.account_id &&
            (script_tag === target.script_tag || target.script_tag === null),
        )
        if (!isKept) await finishDeletion(sql, target)
      }
      const [row] = await sql<{ left: number }[]>`select count(*) as left from deletions`
      return { left: row?.left ?? 0 }
    },
  }
}
