import type { Fragment, Sql } from '../sql.ts'
import { DAY, HOUR_MS, LENGTHS, type Period, rangeOf, type TimeRange } from './periods.ts'

/** What a range is read from: counted periods, and for the gaps between them the rows themselves. */
export type SplitRange = { period_ids: number[]; gaps: TimeRange[] }

/**
 * The longest periods inside `range`, none longer than `longest` hours, that are counted and not
 * marked since. True for the snapshot that it is read in: what uses it runs in the same transaction,
 * at isolation level repeatable read.
 */
export async function splitRange(
  sql: Sql,
  range: TimeRange,
  longest: number = LENGTHS[0],
): Promise<SplitRange> {
  const lengths = LENGTHS.filter((hours) => hours <= longest)
  const isLong = (hours: number) => hours >= DAY
  const long = await selectUsable(sql, [range], lengths.filter(isLong))
  // There are many short ones, so they are looked for only where no long one is.
  const gaps = gapsOf(range, long)
  const short = await selectUsable(
    sql,
    gaps,
    lengths.filter((hours) => !isLong(hours)),
  )
  const found = [...long, ...short]
  return { period_ids: found.map((period) => period.period_id), gaps: gapsOf(range, found) }
}

/** The longest periods of these lengths that are inside `ranges`, counted and not marked since. */
async function selectUsable(
  sql: Sql,
  ranges: TimeRange[],
  lengths: number[],
): Promise<(Period & { period_id: number })[]> {
  const spans = ranges
    .map(({ from, to }) => ({
      first: Math.ceil(from.getTime() / HOUR_MS),
      end: Math.floor(to.getTime() / HOUR_MS),
    }))
    .filter(({ first, end }) => end - first >= Math.min(...lengths))
  if (spans.length === 0) return []
  const isWithin = (hour: Fragment, hours: Fragment) =>
    sql`(${spans.reduce(
      (any, { first, end }) => sql`
        ${any} or (${hour} >= ${first} and ${hour} < ${end} and ${hour} + ${hours} <= ${end})`,
      sql`false`,
    )})`
  const isInLonger = lengths.map(
    (hours) => sql`
      and not exists (
        select from usable w where w.hours = ${hours}::integer and u.hours < ${hours}::integer
          and w.first_hour = u.first_hour / ${hours}::integer * ${hours}::integer)`,
  )
  return await sql<(Period & { period_id: number })[]>`
    with marked as materialized (
      select distinct hour from error_marks where ${isWithin(sql`hour`, sql`1`)}
    ), changed as materialized (${periodsWith(sql, sql`marked`)}
    ), usable as materialized (
      select period_id, hours, first_hour from error_periods p
      where hours in ${sql(lengths)} and ${isWithin(sql`first_hour`, sql`hours`)}
        and not exists (
          select from changed c where c.hours = p.hours and c.first_hour = p.first_hour)
    )
    select period_id, hours, first_hour from usable u where true ${isInLonger}`
}

/** The periods, of any length, that the hours in the common table `hours` lie in. */
export function periodsWith(sql: Sql, hours: Fragment) {
  return sql`
    select distinct length.hours::integer as hours,
      hour / length.hours::integer * length.hours::integer as first_hour
    from ${hours} cross join (values ${sql(LENGTHS.map((hours) => [hours]))}) as length (hours)`
}

/** What `periods`, none of which is in another, leave of `range`. */
function gapsOf(range: TimeRange, periods: Period[]): TimeRange[] {
  const covered = periods.toSorted((a, b) => a.first_hour - b.first_hour).map(rangeOf)
  const froms = [range.from, ...covered.map((period) => period.to)]
  const tos = [...covered.map((period) => period.from), range.to]
  return froms.flatMap((from, index) => {
    const to = tos[index]
    return to && from < to ? [{ from, to }] : []
  })
}
