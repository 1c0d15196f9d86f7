import { z } from 'zod'
import { UNCLASSIFIED } from '../build-errors.ts'
import type { Sql } from '../sql.ts'
import { SEGMENT } from './account-sets.ts'
import { type Cover, selectCover } from './cover.ts'
import type { TimeRange } from './periods.ts'
import { inGaps, inPeriods } from './read.ts'

/** The time before is looked at over as many times the length of the time since. */
export const BASELINE = 4

export const NewError = z.object({
  error_code: z.string(),
  cause: z.string(),
  error_group: z.string(),
  /** Nobody had it before; else it is more frequent than before. */
  is_new: z.boolean(),
  build_count: z.int(),
  account_count: z.int(),
  /** Builds in the time before, which is `BASELINE` times as long. */
  build_count_before: z.int(),
  first_seen_on: z.date(),
  last_seen_on: z.date(),
})
export type NewError = z.infer<typeof NewError>

/**
 * The groups of the builds that stopped in `range` that no build had before, and those that are
 * `min_ratio` times as frequent as just before, largest first; none that fewer than `min_accounts`
 * accounts share.
 */
export async function selectNews(
  sql: Sql,
  {
    range,
    min_ratio,
    min_accounts,
    limit,
  }: { range: TimeRange; min_ratio: number; min_accounts: number; limit: number },
): Promise<NewError[]> {
  const { from, to } = range
  const baselineFrom = new Date(from.getTime() - BASELINE * (to.getTime() - from.getTime()))
  const now = await selectCover(sql, range)
  const before = await selectCover(sql, { from: baselineFrom, to: from })
  const ever = await selectCover(sql, { from: new Date(0), to: baselineFrom })
  const rows = await sql`
    with kinds as materialized (
      select kind_id, error_code, cause, error_group from error_kinds
      where scope = 'group' and error_code <> ${UNCLASSIFIED}
    ), now as materialized (${countGroups(sql, now)}
    ), before as materialized (${countGroups(sql, before)}
    ), ever as materialized (
      -- Of the groups that are not in the time before: did any build have them earlier?
      select error_code, cause, error_group
      from now left join before using (error_code, cause, error_group)
      cross join lateral (
        select from error_kinds k join error_counts using (kind_id)
        where k.scope = 'group' and k.error_code = now.error_code and k.cause = now.cause
          and k.error_group = now.error_group and ${inPeriods(sql, ever)}
        limit 1
      ) seen
      where before.build_count is null
      union
      select error_code, cause, error_group from build_errors where ${inGaps(sql, ever)}
    ), asked as materialized (
      select row_number() over () as id, now.*,
        coalesce(before.build_count, 0) as build_count_before,
        before.build_count is null and ever.error_code is null as is_new
      from now
      left join before using (error_code, cause, error_group)
      left join ever using (error_code, cause, error_group)
      where (before.build_count is null and ever.error_code is null)
        or now.build_count * ${BASELINE}::integer
          >= coalesce(before.build_count, 0) * ${min_ratio}::float8
    ), listed as materialized (
      -- Those of which one part alone is shared are; of these only the first can be shown.
      (select * from asked where most_accounts >= ${min_accounts}
      order by is_new desc, build_count desc, error_code, cause, error_group limit ${limit})
      union all
      select * from asked where most_accounts < ${min_accounts}
    ), counted as materialized (
      select id, segment, few_accounts, many_accounts
      from listed join kinds using (error_code, cause, error_group) join error_counts using (kind_id)
      where ${inPeriods(sql, now)}
    ), many as materialized (
      select id, segment, bit_or(many_accounts) as accounts from counted
      where many_accounts is not null group by id, segment
    ), few as (
      select id, segment, n from counted cross join unnest(few_accounts) n
      union
      select id, account_no / ${SEGMENT}::integer, account_no % ${SEGMENT}::integer
      from (select * from build_errors join accounts using (account_id)
        where ${inGaps(sql, now)}) e
      join listed using (error_code, cause, error_group)
    ), accounts_of as (
      select id, sum(account_count) as account_count from (
        select id, bit_count(accounts) as account_count from many
        union all
        select id, count(*) from few left join many using (id, segment)
        where accounts is null or get_bit(accounts, n) = 0
        group by id
      ) parts group by id
    )
    select error_code, cause, error_group, is_new, build_count::bigint as build_count,
      account_count::bigint as account_count, build_count_before::bigint as build_count_before,
      first_seen_on, last_seen_on
    -- Each is in both. A full join never compares each with each, however few the planner expects.
    from listed full join accounts_of using (id)
    where coalesce(account_count, 0) >= ${min_accounts}
    order by is_new desc, listed.build_count desc, error_code, cause, error_group
    limit ${limit}`
  return z.array(NewError).parse(rows)
}

/** Builds of each group, from the common table `kinds` and the rows. */
function countGroups(sql: Sql, cover: Cover) {
  return sql`
    select error_code, cause, error_group, sum(build_count) as build_count,
      min(first_seen_on) as first_seen_on, max(last_seen_on) as last_seen_on,
      max(account_count) as most_accounts
    from (
      select error_code, cause, error_group, build_count, first_seen_on, last_seen_on,
        account_count
      from kinds join (
        select kind_id, sum(build_count) as build_count, min(first_seen_on) as first_seen_on,
          max(last_seen_on) as last_seen_on, max(account_count) as account_count
        from error_counts where ${inPeriods(sql, cover)} group by kind_id
      ) counts using (kind_id)
      union all
      select error_code, cause, error_group, count(*), min(stopped_on), max(stopped_on),
        count(distinct account_id)
      from build_errors
      where (${inGaps(sql, cover)}) and error_code <> ${UNCLASSIFIED}
      group by error_code, cause, error_group
    ) parts group by error_code, cause, error_group`
}
