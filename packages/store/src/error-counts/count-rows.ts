import { UNCLASSIFIED } from '../build-errors.ts'
import type { Sql } from '../sql.ts'
import { bitsOf, SEGMENT, segmentOf } from './account-sets.ts'
import { type Period, rangeOf } from './periods.ts'

/** What the row `e` counts for. Unclassified errors have too many groups to be counted one by one. */
const KINDS_OF_ROW = `
  cross join lateral (values
    ('all', '', '', '', ''),
    ('fault', '', '', '', e.fault),
    ('code', e.error_code, '', '', ''),
    ('cause', e.error_code, e.cause, '', ''),
    ('group', e.error_code, e.cause, e.error_group, e.fault)
  ) as k (scope, error_code, cause, error_group, fault)
  where not (k.scope = 'group' and e.error_code = '${UNCLASSIFIED}')`

/** Counts the errors of `period` from the rows. */
export async function countRows(tx: Sql, period: Period): Promise<void> {
  const { from, to } = rangeOf(period)
  const inPeriod = tx`stopped_on >= ${from} and stopped_on < ${to}`
  const distinctErrors = tx`
    select distinct error_code, cause, error_group, fault from build_errors where ${inPeriod}`
  const kindsOfRow = tx.unsafe(KINDS_OF_ROW)

  await tx`
    insert into error_kinds (scope, error_code, cause, error_group, fault)
    select distinct k.* from (${distinctErrors}) e ${kindsOfRow}
    except
    select scope, error_code, cause, error_group, fault from error_kinds`
  await tx`
    update error_kinds new set group_id = (
      select min(kind_id) from error_kinds k
      where k.scope = 'group' and k.error_code = new.error_code and k.cause = new.cause
        and k.error_group = new.error_group)
    where scope = 'group' and group_id is null`

  const [inserted] = await tx<{ period_id: number }[]>`
    insert into error_periods ${tx(period)} returning period_id`
  const period_id = inserted?.period_id ?? null
  await tx`
    with kinds_of as materialized (
      select e.*, kind_id from (
        select e.*, k.scope as kind_scope, k.error_code as kind_code, k.cause as kind_cause,
          k.error_group as kind_group, k.fault as kind_fault
        from (${distinctErrors}) e ${kindsOfRow}
      ) e
      join error_kinds k on k.scope = kind_scope and k.error_code = kind_code
        and k.cause = kind_cause and k.error_group = kind_group and k.fault = kind_fault
    ), builds_of as (
      select kind_id, build_id, account_no, max(stopped_on) as stopped_on
      from build_errors
      join accounts using (account_id)
      join kinds_of using (error_code, cause, error_group, fault)
      where ${inPeriod}
      group by kind_id, build_id, account_no
    ), counted as (
      select kind_id, ${segmentOf(tx)} as segment, count(*) as build_count,
        min(stopped_on) as first_seen_on, max(stopped_on) as last_seen_on,
        array_agg(distinct (account_no % ${SEGMENT}::integer)::smallint) as few,
        null::bit(8192) as many
      from builds_of group by kind_id, segment
    ), sets as materialized (
      select counted.*, ${bitsOf(tx)} as bits from counted
    )
    insert into error_counts (period_id, kind_id, segment, build_count, first_seen_on,
      last_seen_on, account_count, few_accounts, many_accounts)
    select ${period_id}, kind_id, segment, build_count, first_seen_on, last_seen_on,
      cardinality(few), case when bits is null then few end, bits
    from sets`
  await tx`
    insert into error_overlaps (period_id, kind_ids, build_count)
    select ${period_id}, kind_ids, count(*) from (
      select array_agg(kind_id order by kind_id) as kind_ids
      from build_errors
      join error_kinds using (error_code, cause, error_group, fault)
      where scope = 'group' and ${inPeriod}
      group by build_id, error_code, cause
      having count(*) > 1
    ) as builds
    group by kind_ids`
}
