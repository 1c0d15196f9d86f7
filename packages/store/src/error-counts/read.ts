import type { Sql } from '../sql.ts'
import type { TimeRange } from './periods.ts'
import type { SplitRange } from './split-range.ts'

/** Whether a row of `error_counts` or `error_overlaps` belongs to the split. */
export function inPeriods(sql: Sql, { period_ids }: SplitRange) {
  return period_ids.length > 0 ? sql`period_id in ${sql(period_ids)}` : sql`false`
}

/** Whether a row of `build_errors` lies in one of these ranges. */
export function isWithin(sql: Sql, ranges: TimeRange[]) {
  const isIn = ({ from, to }: TimeRange) => sql`stopped_on >= ${from} and stopped_on < ${to}`
  return sql`(${ranges.reduce((any, range) => sql`${any} or ${isIn(range)}`, sql`false`)})`
}

/**
 * Runs `read` in one snapshot of the database, in which a split range stays true. Postgres compiles no
 * statement there, which takes longer than these take to run, keeps what it sorts in memory, and
 * sorts no texts of errors in order to join them.
 */
export async function inSnapshot<Result>(
  sql: Sql,
  read: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  const result = await sql.begin(
    'isolation level repeatable read read only',
    async (transaction) => {
      // postgres.js has a type of its own for a client in a transaction.
      const tx = transaction as unknown as Sql
      await tx`
        select set_config('jit', 'off', true), set_config('work_mem', '64MB', true),
          set_config('enable_mergejoin', 'off', true)`
      return read(tx)
    },
  )
  return result as Result
}
