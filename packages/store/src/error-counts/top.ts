import { Fault } from '@workers-builds/contracts'
import { z } from 'zod'
import { UNCLASSIFIED } from '../build-errors.ts'
import type { Sql } from '../sql.ts'
import { countAccounts } from './account-sets.ts'
import { accountSets, askedKinds, countGaps, sumPeriods } from './groups.ts'
import { inPeriods } from './read.ts'
import type { SplitRange } from './split-range.ts'

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
  split: SplitRange,
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
    -- What the rows of the gaps come to, in the form of the counted periods.
    with uncounted as materialized (${countGaps(sql, { gaps: split.gaps, isAsked })}
    ), groups as materialized (
      -- Each group over all parts of the range. One part alone may have enough accounts to show that
      -- the group is shared.
      select group_id, any_value(error_code) as error_code, any_value(cause) as cause,
        any_value(error_group) as error_group, min(fault) as fault, max(fault) as last_fault,
        sum(build_count)::bigint as build_count, max(last_seen_on) as last_seen_on,
        max(least_accounts) >= ${min_accounts} as is_shared
      from (
        select group_id, error_code, cause, error_group, fault, build_count, last_seen_on,
          least_accounts
        from (${askedKinds(sql, isAsked)}) kinds
        join (${sumPeriods(sql, split)}) counted using (kind_id)
        union all
        select group_id, error_code, cause, error_group, fault, build_count, last_seen_on, 1
        from uncounted
      ) parts group by group_id
    ), rare_kinds as materialized (
      -- The groups of which no part has enough accounts: theirs are counted over all parts.
      select group_id, kind_id
      from groups join (${askedKinds(sql, isAsked)}) kinds using (group_id) where not is_shared
    ), hidden as materialized (
      -- The groups that too few accounts share.
      select group_id, error_code, cause
      from groups join (${countAccounts(sql, {
        key: sql`group_id`,
        sets: sql`
          ${accountSets(sql, split, { key: sql`group_id`, kinds: sql`rare_kinds` })}
          union all
          select group_id, segment, few_accounts, null
          from uncounted join groups using (group_id) where not is_shared`,
      })}) accounts using (group_id)
      where account_count < ${min_accounts}
    ), twice as (
      -- By how much builds with several hidden groups of one code and cause were counted too often.
      select error_code, cause, sum(build_count * (hidden_count - 1)) as build_count from (
        select error_code, cause, build_count, count(*) as hidden_count
        from hidden join rare_kinds using (group_id) join (
          select period_id, kind_ids, build_count, unnest(kind_ids) as kind_id
          from error_overlaps where ${inPeriods(sql, split)}
        ) several using (kind_id)
        group by period_id, kind_ids, build_count, error_code, cause
        union all
        select error_code, cause, 1, count(*)
        from hidden join (
          select group_id, unnest(build_ids) as build_id from uncounted
        ) builds using (group_id)
        group by build_id, error_code, cause
      ) builds group by error_code, cause
    ), rows as materialized (
      -- The whole list: groups that are shown, and a row for the hidden ones of each code and cause.
      select group_id, error_code, cause, error_group, build_count, last_seen_on, fault, last_fault
      from groups where not exists (select from hidden where hidden.group_id = groups.group_id)
      union all
      select null, error_code, cause, null, g.build_count - coalesce(twice.build_count, 0)::bigint,
        last_seen_on, fault, last_fault
      from (
        select error_code, cause, sum(build_count)::bigint as build_count,
          max(last_seen_on) as last_seen_on, min(fault) as fault, max(last_fault) as last_fault
        from hidden join groups using (group_id, error_code, cause) group by error_code, cause
      ) g left join twice using (error_code, cause)
    ), page as materialized (
      -- The rows that are asked for, with their places.
      select row_number() over (order by build_count desc, error_code, cause, error_group) as place,
        first_rows.*
      from (
        select * from rows order by build_count desc, error_code, cause, error_group
        limit ${limit} offset ${offset}
      ) first_rows
    ), page_groups as materialized (
      -- Which groups each row of the page stands for.
      select place, group_id from page where group_id is not null
      union all
      select place, hidden.group_id
      from page join hidden using (error_code, cause) where page.group_id is null
    ), page_kinds as materialized (
      -- Which counts each row of the page is made of.
      select place, kind_id
      from page_groups join (${askedKinds(sql, isAsked)}) kinds using (group_id)
    )
    -- The page with its numbers of accounts; a row without an error when the page is empty.
    select total_count, error_code, cause, error_group, build_count, account_count, last_seen_on,
      case when fault = last_fault then fault end as fault
    from (select count(*) as total_count from rows) as total
    left join page on true
    left join (${countAccounts(sql, {
      key: sql`place`,
      sets: sql`
        ${accountSets(sql, split, { key: sql`place`, kinds: sql`page_kinds` })}
        union all
        select place, segment, few_accounts, null
        from uncounted join page_groups using (group_id)`,
    })}) accounts using (place)
    order by place`
  return {
    total_count: rows[0]?.['total_count'] ?? 0,
    errors: z.array(TopError).parse(rows.filter((row) => row['error_code'] !== null)),
  }
}
