import type { Sql } from './sql.ts'

export type LogRetentionStore = ReturnType<typeof logRetentionStore>

/** Logs that were kept for as long as their account keeps logs. */
export function logRetentionStore(sql: Sql) {
  return {
    /**
     * Builds whose log is to be removed. A build that is unfinished, or waits to be scanned, is
     * none of them.
     */
    async selectExpired({ limit }: { limit: number }): Promise<number[]> {
      const rows = await sql<{ build_id: number }[]>`
        select expired.build_id
        from accounts a cross join lateral (
          select build_id from builds b
          where b.account_id = a.account_id and b.status = 'stopped' and b.claimed_on is not null
            and b.log_deleted_on is null and b.scan_due_on is null
            and b.stopped_on < now() - make_interval(days => a.log_retention_days)
          order by b.stopped_on
          limit ${limit}) expired
        limit ${limit}`
      return rows.map((row) => row.build_id)
    },

    /** Records that the logs of these builds are gone. */
    async recordDeleted(build_ids: number[]): Promise<void> {
      if (build_ids.length === 0) return
      await sql`
        update builds set log_deleted_on = now()
        where build_id in ${sql(build_ids)} and log_deleted_on is null`
    },
  }
}
