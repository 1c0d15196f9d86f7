import type { Sql } from '../sql.ts'
import { bitsOf } from './account-sets.ts'
import type { Period } from './periods.ts'

/** Counts `period` from the counts of the periods of length `partHours` that it consists of. */
export async function addUp(tx: Sql, period: Period, partHours: number): Promise<void> {
  const parts = await tx<{ period_id: number }[]>`
    select period_id from error_periods
    where hours = ${partHours} and first_hour >= ${period.first_hour}
      and first_hour < ${period.first_hour + period.hours}`
  if (parts.length === 0) return
  const inParts = tx`period_id in ${tx(parts.map((part) => part.period_id))}`
  const [inserted] = await tx<{ period_id: number }[]>`
    insert into error_periods ${tx(period)} returning period_id`
  const period_id = inserted?.period_id ?? null
  // A planner that knows nothing of the new rows yet compares each with each, for seconds.
  await tx`set local enable_nestloop = off`
  await tx`
    with parts as materialized (
      select * from error_counts where ${inParts}
    ), counted as materialized (
      select kind_id, segment, sum(build_count) as build_count,
        min(first_seen_on) as first_seen_on, max(last_seen_on) as last_seen_on,
        bit_or(many_accounts) as many
      from parts group by kind_id, segment
    ), listed as (
      select kind_id, segment, array_agg(distinct n) as few
      from parts join counted using (kind_id, segment) cross join unnest(few_accounts) n
      where many is null or get_bit(many, n) = 0
      group by kind_id, segment
    ), sets as materialized (
      select counted.*, few, ${bitsOf(tx)} as bits
      from counted left join listed using (kind_id, segment)
    )
    insert into error_counts (period_id, kind_id, segment, build_count, first_seen_on,
      last_seen_on, account_count, few_accounts, many_accounts)
    select ${period_id}, kind_id, segment, build_count, first_seen_on, last_seen_on,
      coalesce(bit_count(bits), cardinality(few)), case when bits is null then few end, bits
    from sets`
  await tx`set local enable_nestloop = on`
  await tx`
    insert into error_overlaps (period_id, kind_ids, build_count)
    select ${period_id}, kind_ids, sum(build_count) from error_overlaps
    where ${inParts} group by kind_ids`
}
