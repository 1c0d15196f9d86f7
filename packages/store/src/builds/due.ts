import { FAILED_BUILD_OUTCOMES } from '@workers-builds/contracts'
import type { Sql } from '../sql.ts'
import { OVERDUE_AGAIN_SECONDS, SCAN_GRACE_SECONDS } from './durations.ts'

/** A build that should have ended, and how often its BuildBuddy was asked to end it. */
export type OverdueBuild = { build_id: number; build_uuid: string; overdue_asks: number }

/** Builds to which something that is due has not happened: their end, or their scan. */
export function dueStatements(sql: Sql) {
  return {
    /**
     * Unfinished builds that should have ended, longest first. Each is due again after a minute, so
     * that the next call does not return it at once.
     */
    async takeOverdue({ limit }: { limit: number }): Promise<OverdueBuild[]> {
      return await sql<OverdueBuild[]>`
        update builds
        set overdue_on = now() + make_interval(secs => ${OVERDUE_AGAIN_SECONDS}),
          overdue_asks = overdue_asks + 1
        where build_id in (
          select build_id from builds
          where overdue_on <= now() and status <> 'stopped'
          order by overdue_on limit ${limit}
          for update skip locked)
        returning build_id, build_uuid, overdue_asks`
    },

    /**
     * Failed builds without a scan whose time is up, oldest first. Each is due again after the same
     * time, so that the next call does not return it at once.
     */
    async takeScansDue({ limit }: { limit: number }): Promise<number[]> {
      const rows = await sql<{ build_id: number }[]>`
        update builds set scan_due_on = now() + make_interval(secs => ${SCAN_GRACE_SECONDS})
        where build_id in (
          select build_id from builds
          where scan_due_on <= now() and build_outcome in ${sql([...FAILED_BUILD_OUTCOMES])}
          order by scan_due_on limit ${limit}
          for update skip locked)
        returning build_id`
      return rows.map((row) => row.build_id)
    },
  }
}
