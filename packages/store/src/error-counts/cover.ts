import type { Sql } from '../sql.ts'
import { HOUR, HOUR_MS, LENGTHS, type Period, rangeOf, type TimeRange } from './periods.ts'

/** What a range is read from: counted periods, and for what these leave, the rows themselves. */
export type Cover = { period_ids: number[]; gaps: TimeRange[] }

/**
 * The longest periods inside `range`, none longer than `longest` hours, that are counted and not marked since. True for the snapshot
 * that it is read in: what uses it runs in the same transaction, at isolation level repeatable read.
 */
export async function selectCover(
  sql: Sql,
  range: TimeRange,
  longest: number = LENGTHS[0],
): Promise<Cover> {
  const first = Math.ceil(range.from.getTime() / HOUR_MS)
  const end = Math.floor(range.to.getTime() / HOUR_MS)
  const lengths = sql`(values ${sql(LENGTHS.map((hours) => [hours]))}) as length (hours)`
  const isInLonger = LENGTHS.filter((hours) => hours > HOUR).map(
    (hours) => sql`
      and not exists (
        select from usable w where w.hours = ${hours}::integer and u.hours < ${hours}::integer
          and w.first_hour = u.first_hour / ${hours}::integer * ${hours}::integer)`,
  )
  const rows = await sql<(Period & { period_id: number })[]>`
    with changed as materialized (
      select distinct length.hours::integer as hours,
        hour / length.hours::integer * length.hours::integer as first_hour
      from (select distinct hour from error_marks where hour >= ${first} and hour < ${end}) marked
      cross join ${lengths}
    ), usable as materialized (
      select period_id, hours, first_hour from error_periods p
      where first_hour >= ${first} and first_hour + hours <= ${end} and hours <= ${longest}
        and not exists (
          select from changed c where c.hours = p.hours and c.first_hour = p.first_hour)
    )
    select period_id, hours, first_hour from usable u
    where true ${isInLonger}
    order by first_hour`
  return { period_ids: rows.map((row) => row.period_id), gaps: gapsOf(range, rows) }
}

/** What `periods`, which are in order, leave of `range`. */
function gapsOf(range: TimeRange, periods: Period[]): TimeRange[] {
  const covered = periods.map(rangeOf)
  const froms = [range.from, ...covered.map((period) => period.to)]
  const tos = [...covered.map((period) => period.from), range.to]
  return froms.flatMap((from, index) => {
    const to = tos[index]
    return to && from < to ? [{ from, to }] : []
  })
}
