import type { Sql } from './sql.ts'

/** A place in the order in which logs are removed: after this build. */
export type KeptLog = {
  build_id: number
  /** With the microseconds that a Date leaves out. */
  stopped_on: string
}

export type LogRetentionStore = ReturnType<typeof logRetentionStore>

/** Logs that are older than their account keeps logs. */
export function logRetentionStore(sql: Sql) {
  return {
    /**
     * Builds whose log is to be removed, those that stopped first first. A build that is unfinished,
     * or waits to be scanned, keeps its log.
     */
    async selectExpired({
      after,
      limit,
    }: {
      after: KeptLog | null
      limit: number
    }): Promise<KeptLog[]> {
      const stopped_on = sql`${after?.stopped_on ?? '-infinity'}::text::timestamptz`
      return await sql<KeptLog[]>`
        select expired.build_id, expired.stopped_on::text as stopped_on
        from accounts a cross join lateral (
          select build_id, stopped_on from builds b
          where b.account_id = a.account_id and b.status = 'stopped' and b.claimed_on is not null
            and b.log_deleted_on is null and b.scan_due_on is null
            and b.stopped_on < now() - make_interval(days => a.log_retention_days)
            and b.stopped_on >= ${stopped_on}
            and (b.stopped_on, b.build_id) > (${stopped_on}, ${after?.build_id ?? 0})
          order by b.stopped_on, b.build_id
          limit ${limit}) expired
        order by expired.stopped_on, expired.build_id
        limit ${limit}`
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
