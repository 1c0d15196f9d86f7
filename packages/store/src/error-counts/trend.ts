import { z } from 'zod'
import { UNCLASSIFIED } from '../build-errors.ts'
import type { Fragment, Sql } from '../sql.ts'
import { countAccounts, listAccounts, segmentOf } from './account-sets.ts'
import { DAY, HOUR, HOUR_MS, type TimeRange } from './periods.ts'
import { inPeriods, isWithin } from './read.ts'
import { type SplitRange, splitRange } from './split-range.ts'

/**
 * Hours of an interval, of the longest period that fits into each of them, and what to add to an
 * hour so that intervals start at multiples: weeks start on Monday, and 1970 on a Thursday.
 */
const INTERVALS = {
  hour: { hours: HOUR, longest: HOUR, offset: 0 },
  day: { hours: DAY, longest: DAY, offset: 0 },
  week: { hours: 7 * DAY, longest: DAY, offset: 3 * DAY },
} as const
export type TrendInterval = keyof typeof INTERVALS

/** Errors of one code, of one cause of it, or of one group. */
export type ErrorKind = {
  error_code: string
  cause?: string | undefined
  error_group?: string | undefined
}

const Total = z.object({
  bucket: z.int(),
  build_count: z.int(),
  account_count: z.int(),
  first_seen_on: z.date(),
  last_seen_on: z.date(),
})
type Total = z.infer<typeof Total>

export type Trend = {
  build_count: number
  account_count: number
  first_seen_on: Date
  last_seen_on: Date
  /** The intervals of the range, in order, those without a build too. */
  buckets: { starts_on: Date; build_count: number; account_count: number }[]
}

/**
 * How many builds had an error of this kind, over time. Undefined when there is none, and when it is
 * of a group that fewer than `min_accounts` accounts share in this range.
 */
export async function selectTrend(
  sql: Sql,
  {
    min_accounts,
    interval,
    range,
    kind,
  }: { min_accounts: number; interval: TrendInterval; range: TimeRange; kind: ErrorKind },
): Promise<Trend | undefined> {
  // Their groups are not counted one by one.
  if (kind.error_code === UNCLASSIFIED && kind.error_group !== undefined) return undefined
  const [total] = await countByBucket(sql, await splitRange(sql, range), kind, () => sql`0`)
  if (!total) return undefined
  if (kind.error_group !== undefined && total.account_count < min_accounts) return undefined

  const { hours, longest, offset } = INTERVALS[interval]
  const split = await splitRange(sql, range, longest)
  const counts = await countByBucket(sql, split, kind, (hour) => {
    return sql`(${hour} + ${offset}::integer) / ${hours}::integer`
  })
  const byBucket = new Map(counts.map((count) => [count.bucket, count]))
  const bucketOf = (at: Date) => Math.floor((at.getTime() / HOUR_MS + offset) / hours)
  const buckets: Trend['buckets'] = []
  const last = bucketOf(new Date(range.to.getTime() - 1))
  for (let bucket = bucketOf(range.from); bucket <= last; bucket++) {
    const { build_count = 0, account_count = 0 } = byBucket.get(bucket) ?? {}
    const starts_on = new Date((bucket * hours - offset) * HOUR_MS)
    buckets.push({ starts_on, build_count, account_count })
  }
  const { build_count, account_count, first_seen_on, last_seen_on } = total
  return { build_count, account_count, first_seen_on, last_seen_on, buckets }
}

async function countByBucket(
  sql: Sql,
  split: SplitRange,
  { error_code, cause, error_group }: ErrorKind,
  bucketOf: (hour: Fragment) => Fragment,
): Promise<Total[]> {
  const isOfKind = sql`error_code = ${error_code}
    ${cause === undefined ? sql`` : sql`and cause = ${cause}`}
    ${error_group === undefined ? sql`` : sql`and error_group = ${error_group}`}`
  const scope = error_group !== undefined ? 'group' : cause !== undefined ? 'cause' : 'code'
  const kinds = await sql<{ kind_id: number }[]>`
    select kind_id from error_kinds where scope = ${scope} and ${isOfKind}`
  const isCounted =
    kinds.length > 0
      ? sql`${inPeriods(sql, split)} and kind_id in ${sql(kinds.map(({ kind_id }) => kind_id))}`
      : sql`false`
  const rows = await sql`
    with counted as materialized (
      select ${bucketOf(sql`first_hour`)} as bucket, c.*
      from error_counts c join error_periods using (period_id) where ${isCounted}
    ), uncounted as materialized (
      select ${bucketOf(sql`hour_of(stopped_on)`)} as bucket, build_id, stopped_on, account_no
      from build_errors join accounts using (account_id)
      where ${isWithin(sql, split.gaps)} and ${isOfKind}
    ), builds as (
      select bucket, sum(build_count)::bigint as build_count,
        min(first_seen_on) as first_seen_on, max(last_seen_on) as last_seen_on
      from (
        select bucket, build_count, first_seen_on, last_seen_on from counted
        union all
        select bucket, count(distinct build_id), min(stopped_on), max(stopped_on)
        from uncounted group by bucket
      ) parts group by bucket
    )
    select bucket, build_count, account_count, first_seen_on, last_seen_on
    from builds join (${countAccounts(sql, {
      key: sql`bucket`,
      sets: sql`
        select bucket, segment, few_accounts, many_accounts from counted
        union all
        select bucket, ${segmentOf(sql)} as segment, ${listAccounts(sql)}, null
        from uncounted group by bucket, segment`,
    })}) accounts using (bucket)
    order by bucket`
  return z.array(Total).parse(rows)
}
