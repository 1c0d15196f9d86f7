import { Fault } from '@workers-builds/contracts'
import { z } from 'zod'
import { UNCLASSIFIED } from '../build-errors.ts'
import type { Sql } from '../sql.ts'
import { SEGMENT } from './account-sets.ts'
import type { Cover } from './cover.ts'
import { inGaps, inPeriods } from './read.ts'

export const TopError = z.object({
  error_code: z.string(),
  cause: z.string(),
  /** Null: the groups of this code and cause that too few accounts share, together. */
  error_group: z.string().nullable(),
  /** Null: builds differ. */
  fault: Fault.nullable(),
  build_count: z.int(),
  account_count: z.int(),
  last_seen_on: z.date(),
})
export type TopError = z.infer<typeof TopError>

export type TopFilter = {
  error_code?: string | undefined
  cause?: string | undefined
  fault?: Fault | undefined
}

/**
 * How many builds have which error, most frequent first. It is one statement because groups are
 * hidden, added up, ordered and cut to a page before anything but the page leaves the database.
 */
export async function selectTop(
  sql: Sql,
  cover: Cover,
  {
    min_accounts,
    limit,
    offset,
    filter,
  }: {
    min_accounts: number
    limit: number
    offset: number
    filter: TopFilter
  },
): Promise<{ errors: TopError[]; total_count: number }> {
  const { error_code, cause, fault } = filter
  const isAsked = sql`
    error_code <> ${UNCLASSIFIED}
    ${error_code === undefined ? sql`` : sql`and error_code = ${error_code}`}
    ${cause === undefined ? sql`` : sql`and cause = ${cause}`}
    ${fault === undefined ? sql`` : sql`and fault = ${fault}`}`
  const rows = await sql`
    with kinds as materialized (
      select kind_id, group_id, error_code, cause, error_group, fault from error_kinds
      where scope = 'group' and ${isAsked}
    ), counted as materialized (
      select kind_id, group_id, segment, build_count, account_count, last_seen_on, few_accounts,
        many_accounts
      from kinds join error_counts using (kind_id) where ${inPeriods(sql, cover)}
    ), uncounted as materialized (
      -- What is not counted yet. A group that was never counted gets a number below zero.
      select e.*, coalesce(group_id,
        -dense_rank() over (order by group_id nulls first, error_code, cause, error_group)) as group_id
      from (
        select build_id, error_code, cause, error_group, fault, stopped_on, account_no
        from build_errors join accounts using (account_id)
        where (${inGaps(sql, cover)}) and ${isAsked}
      ) e left join (
        select distinct group_id, error_code, cause, error_group from kinds
      ) known using (error_code, cause, error_group)
    ), parts as (
      select group_id, fault, build_count, account_count, last_seen_on
      from kinds join (
        select kind_id, sum(build_count) as build_count, max(account_count) as account_count,
          max(last_seen_on) as last_seen_on
        from counted group by kind_id
      ) counts using (kind_id)
      union all
      select group_id, fault, count(*), count(distinct account_no), max(stopped_on)
      from uncounted group by group_id, fault
    ), groups as materialized (
      -- Accounts of one part are some of the group's: a group may turn out to be shared here.
      select group_id, sum(build_count) as build_count, max(last_seen_on) as last_seen_on,
        max(account_count) >= ${min_accounts} as is_shared, min(fault) as fault,
        max(fault) as last_fault
      from parts group by group_id
    ), rare_accounts as materialized (
      select group_id, segment * ${SEGMENT}::integer + n as account_no
      from groups join counted using (group_id) cross join unnest(few_accounts) n
      where not is_shared
      union
      -- The offset keeps the planner from looking at each bit of rows that have none.
      select group_id, segment * ${SEGMENT}::integer + n
      from groups join counted using (group_id) cross join lateral (
        select n from generate_series(0, ${SEGMENT - 1}::integer) n
        where get_bit(many_accounts, n) = 1 offset 0) bits
      where not is_shared and many_accounts is not null
      union
      select group_id, account_no from groups join uncounted using (group_id) where not is_shared
    ), names as materialized (
      select group_id, error_code, cause, error_group from kinds
      union
      select group_id, error_code, cause, error_group from uncounted where group_id < 0
    ), hidden as materialized (
      select group_id, error_code, cause from rare_accounts join names using (group_id)
      group by group_id, error_code, cause having count(*) < ${min_accounts}
    ), twice as (
      -- Builds with several hidden groups of one code and cause count once.
      select error_code, cause, sum(build_count * (hidden_count - 1)) as build_count from (
        select error_code, cause, o.build_count, count(*) as hidden_count
        from error_overlaps o cross join unnest(kind_ids) as kind_id
        join kinds using (kind_id) join hidden using (group_id, error_code, cause)
        where ${inPeriods(sql, cover)}
        group by period_id, kind_ids, o.build_count, error_code, cause
        union all
        select error_code, cause, 1, count(*)
        from uncounted join hidden using (group_id, error_code, cause)
        group by build_id, error_code, cause
      ) builds group by error_code, cause
    ), rows as materialized (
      select group_id, error_code, cause, error_group, build_count, last_seen_on, fault,
        last_fault, null::bigint as account_count
      from groups join names using (group_id)
      where not exists (select from hidden where hidden.group_id = groups.group_id)
      union all
      select null, error_code, cause, null, g.build_count - coalesce(twice.build_count, 0),
        last_seen_on, fault, last_fault, account_count
      from (
        select error_code, cause, sum(build_count) as build_count,
          max(last_seen_on) as last_seen_on, min(fault) as fault, max(last_fault) as last_fault
        from hidden join groups using (group_id) group by error_code, cause
      ) g join (
        select error_code, cause, count(distinct account_no) as account_count
        from hidden join rare_accounts using (group_id) group by error_code, cause
      ) a using (error_code, cause)
      left join twice using (error_code, cause)
    ), page as materialized (
      select *, row_number() over (order by build_count desc, error_code, cause, error_group) as place
      from rows order by place limit ${limit} offset ${offset}
    ), many as materialized (
      select group_id, segment, bit_or(many_accounts) as accounts
      from page join counted using (group_id) where many_accounts is not null
      group by group_id, segment
    ), few as (
      select group_id, segment, n
      from page join counted using (group_id) cross join unnest(few_accounts) n
      union
      select group_id, account_no / ${SEGMENT}::integer, account_no % ${SEGMENT}::integer
      from page join uncounted using (group_id)
    ), account_counts as (
      select group_id, sum(account_count) as account_count from (
        select group_id, bit_count(accounts) as account_count from many
        union all
        select group_id, count(*) from few left join many using (group_id, segment)
        where accounts is null or get_bit(accounts, n) = 0
        group by group_id
      ) a group by group_id
    )
    select total_count, error_code, cause, error_group, build_count::bigint as build_count,
      coalesce(page.account_count, a.account_count)::bigint as account_count, last_seen_on,
      case when fault = last_fault then fault end as fault
    from (select count(*) as total_count from rows) as total
    left join page on true
    left join account_counts a using (group_id)
    order by place`
  return {
    total_count: rows[0]?.['total_count'] ?? 0,
    errors: z.array(TopError).parse(rows.filter((row) => row['error_code'] !== null)),
  }
}
