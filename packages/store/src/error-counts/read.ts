import type { Sql } from '../sql.ts'
import { type Cover, selectCover } from './cover.ts'
import type { TimeRange } from './periods.ts'

/** Whether a row of `error_counts` or `error_overlaps` belongs to the cover. */
export function inPeriods(sql: Sql, { period_ids }: Cover) {
  return period_ids.length > 0 ? sql`period_id in ${sql(period_ids)}` : sql`false`
}

/** Whether a row of `build_errors` lies in what the counted periods leave. */
export function inGaps(sql: Sql, { gaps }: Cover) {
  const inGap = ({ from, to }: TimeRange) => sql`(stopped_on >= ${from} and stopped_on < ${to})`
  return gaps.reduce((any, gap) => sql`${any} or ${inGap(gap)}`, sql`false`)
}

/**
 * Runs `read` with what `range` is read from, in one snapshot of the database. Compiling a statement
 * takes longer than these take to run.
 */
export async function readCounts<Result>(
  sql: Sql,
  range: TimeRange,
  read: (sql: Sql, cover: Cover) => Promise<Result>,
): Promise<Result> {
  const result = await sql.begin(
    'isolation level repeatable read read only',
    async (transaction) => {
      // postgres.js has a type of its own for a client in a transaction.
      const tx = transaction as unknown as Sql
      await tx`set local jit = off`
      return read(tx, await selectCover(tx, range))
    },
  )
  return result as Result
}
