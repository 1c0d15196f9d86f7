import type { Sql } from '../sql.ts'
import { addUp } from './add-up.ts'
import { countRows } from './count-rows.ts'
import { DAY, HOUR, LENGTHS, type Period, periodOf, QUARTER } from './periods.ts'
import { periodsWith } from './split-range.ts'

const LONGER_THAN_A_DAY = LENGTHS.filter((hours) => hours > DAY).toReversed()

/** Of a day with more failed builds than this every hour is counted too. */
const MANY_BUILDS = 2_500

/**
 * Counts again one day whose errors changed, and each longer period around it in which nothing else
 * has changed. Takes the oldest day that nobody has changed for `settle_seconds`. Periods are
 * counted when they are over: of today the hours that have passed. Returns whether there was one.
 *
 * Marks are removed before rows are read, by statements of their own, each of which sees more than
 * the one before: what is committed in between is counted too, and its mark stays. Nobody else
 * writes the tables of counts, and the first statement lets one recount run at a time.
 */
export async function recount(
  sql: Sql,
  { settle_seconds }: { settle_seconds: number },
): Promise<boolean> {
  const [waiting] = await sql`select from error_marks where hour < hour_of(now()) limit 1`
  if (!waiting) return false
  const isCounted = await sql.begin(async (transaction) => {
    // postgres.js has a type of its own for a client in a transaction.
    const tx = transaction as unknown as Sql
    await tx`lock table error_periods in share row exclusive mode`
    // From day to day by the index, as far as the first that is settled: marks may be many.
    const [due] = await tx<{ first_hour: number }[]>`
      with recursive days as (
        (select hour / ${DAY}::integer * ${DAY}::integer as first_hour
        from error_marks order by hour limit 1)
        union all
        select (
          select hour / ${DAY}::integer * ${DAY}::integer from error_marks
          where hour >= first_hour + ${DAY}::integer order by hour limit 1)
        from days where first_hour is not null
      )
      select first_hour from days
      where exists (
          select from error_marks where hour >= first_hour
            and hour < least(first_hour + ${DAY}::integer, hour_of(now())))
        and not exists (
          select from error_marks where hour >= first_hour
            and hour < least(first_hour + ${DAY}::integer, hour_of(now()))
            and marked_on > now() - make_interval(secs => ${settle_seconds}))
      limit 1`
    if (!due) return false
    const day = periodOf(due.first_hour, DAY)
    await takeMarks(tx, day)
    if (await isSettled(tx, day)) {
      await countParts(tx, day, QUARTER)
      await addUp(tx, day, QUARTER)
    }
    if (!(await isSettled(tx, day)) || (await isLarge(tx, day))) await countParts(tx, day, HOUR)
    for (const [index, hours] of LONGER_THAN_A_DAY.entries()) {
      const longer = periodOf(due.first_hour, hours)
      if (!(await isSettled(tx, longer))) break
      await addUp(tx, longer, LONGER_THAN_A_DAY[index - 1] ?? DAY)
    }
    return true
  })
  return isCounted === true
}

/** Takes the marks of a day, and removes the counts that they say are not true any more. */
async function takeMarks(tx: Sql, { first_hour, hours }: Period): Promise<void> {
  await tx`
    with taken as (
      delete from error_marks
      where hour >= ${first_hour} and hour < ${first_hour + hours} and hour < hour_of(now())
      returning hour
    )
    delete from error_periods p using (${periodsWith(tx, tx`taken`)}) changed
    where p.hours = changed.hours and p.first_hour = changed.first_hour`
}

/** Whether a period is over and nothing in it has changed since it was counted. */
async function isSettled(tx: Sql, { first_hour, hours }: Period): Promise<boolean> {
  const found = await tx`
    select where ${first_hour + hours} <= hour_of(now()) and not exists (
      select from error_marks where hour >= ${first_hour} and hour < ${first_hour + hours})`
  return found.length > 0
}

async function isLarge(tx: Sql, { first_hour, hours }: Period): Promise<boolean> {
  const found = await tx`
    select from error_counts
    join error_periods using (period_id) join error_kinds using (kind_id)
    where hours = ${hours} and first_hour = ${first_hour} and scope = 'all'
    having sum(build_count) > ${MANY_BUILDS}`
  return found.length > 0
}

/** Counts the parts of a period, `partHours` each, that are over and not counted, or not any more. */
async function countParts(tx: Sql, { first_hour, hours }: Period, partHours: number) {
  const parts = await tx<{ first_hour: number }[]>`
    select part.first_hour from generate_series(
      ${first_hour}::integer, ${first_hour + hours - partHours}::integer, ${partHours}::integer
    ) as part (first_hour)
    where part.first_hour + ${partHours}::integer <= hour_of(now())
      and not exists (
        select from error_marks
        where hour >= part.first_hour and hour < part.first_hour + ${partHours}::integer)
      and not exists (
        select from error_periods p
        where p.hours = ${partHours} and p.first_hour = part.first_hour)`
  for (const part of parts) await countRows(tx, { first_hour: part.first_hour, hours: partHours })
}
