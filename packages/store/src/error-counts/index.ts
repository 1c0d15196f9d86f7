import type { Sql } from '../sql.ts'
import { type NewError, selectNews } from './news.ts'
import type { TimeRange } from './periods.ts'
import { inSnapshot } from './read.ts'
import { recount } from './recount.ts'
import { splitRange } from './split-range.ts'
import { selectTop, type TopError, type TopFilter } from './top.ts'
import { type ErrorKind, selectTrend, type Trend, type TrendInterval } from './trend.ts'

type TopQuestion = TimeRange & TopFilter & { min_accounts: number; limit: number; offset?: number }
type TrendQuestion = TimeRange & ErrorKind & { min_accounts: number; interval: TrendInterval }
type NewsQuestion = TimeRange & { min_accounts: number; min_ratio: number; limit: number }

export type ErrorCountStore = ReturnType<typeof errorCountStore>

/** Counts of `build_errors` across accounts: exact, and quick over any range of time. */
export function errorCountStore(sql: Sql) {
  return {
    /** See `recount`: returns whether there was a day to count. */
    recount: ({ settle_seconds = 5 }: { settle_seconds?: number } = {}): Promise<boolean> =>
      recount(sql, { settle_seconds }),

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
    }: TopQuestion): Promise<{ errors: TopError[]; total_count: number }> =>
      inSnapshot(sql, async (tx) => {
        const split = await splitRange(tx, { from, to })
        return selectTop(tx, split, { min_accounts, limit, offset, filter })
      }),

    /** See `selectTrend`. */
    selectTrend: ({
      from,
      to,
      min_accounts,
      interval,
      ...kind
    }: TrendQuestion): Promise<Trend | undefined> =>
      inSnapshot(sql, (tx) =>
        selectTrend(tx, { range: { from, to }, min_accounts, interval, kind }),
      ),

    /** See `selectNews`. */
    selectNews: ({ from, to, ...options }: NewsQuestion): Promise<NewError[]> =>
      inSnapshot(sql, (tx) => selectNews(tx, { range: { from, to }, ...options })),
  }
}
