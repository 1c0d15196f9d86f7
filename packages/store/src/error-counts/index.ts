import type { Sql } from '../sql.ts'
import { fold } from './fold.ts'
import type { TimeRange } from './periods.ts'
import { readCounts } from './read.ts'
import { selectTop, type TopError, type TopFilter } from './top.ts'

export type ErrorCountStore = ReturnType<typeof errorCountStore>

/** What `build_errors` comes to across accounts: exact, and quick over any range of time. */
export function errorCountStore(sql: Sql) {
  return {
    /** See `fold`: answers whether anything was left to count. */
    fold: ({ settle_seconds = 5 }: { settle_seconds?: number } = {}): Promise<boolean> =>
      fold(sql, { settle_seconds }),

    /**
     * Counts of the builds that stopped in `[from, to)`, by code, cause and group, largest first.
     * The groups that fewer than `min_accounts` accounts share are counted together, without their
     * text, in one row a code and cause. What no signature explains does not count.
     */
    selectTop: ({
      from,
      to,
      min_accounts,
      limit,
      offset = 0,
      ...filter
    }: TimeRange & TopFilter & { min_accounts: number; limit: number; offset?: number }): Promise<{
      errors: TopError[]
      total_count: number
    }> =>
      readCounts(sql, { from, to }, (tx, cover) =>
        selectTop(tx, cover, { min_accounts, limit, offset, filter }),
      ),
  }
}
