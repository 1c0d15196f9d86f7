import { z } from 'zod'
import { UNCLASSIFIED } from '../build-errors.ts'
import type { Sql } from '../sql.ts'
import { countAccounts } from './account-sets.ts'
import { accountSets, askedKinds, countGaps, sumPeriods } from './groups.ts'
import type { TimeRange } from './periods.ts'
import { inPeriods } from './read.ts'
import { splitRange } from './split-range.ts'

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
  const [now, before, ever] = await Promise.all([
    splitRange(sql, range),
    splitRange(sql, { from: baselineFrom, to: from }),
    splitRange(sql, { from: new Date(0), to: baselineFrom }),
  ])
  const isAsked = sql`error_code <> ${UNCLASSIFIED}`
  const rows = await sql`
    with kinds as materialized (${askedKinds(sql, isAsked)}
    ), uncounted as materialized (${countGaps(sql, {
      gaps: [now, before, ever].flatMap((split) => split.gaps),
      isAsked,
      time: sql`case when stopped_on >= ${from} then 'now'
          when stopped_on >= ${baselineFrom} then 'before' else 'ever' end`,
    })}
    ), now as materialized (
      select group_id, any_value(error_code) as error_code, any_value(cause) as cause,
        any_value(error_group) as error_group, sum(build_count)::bigint as build_count,
        min(first_seen_on) as first_seen_on, max(last_seen_on) as last_seen_on,
        max(least_accounts) >= ${min_accounts} as is_shared
      from (
        select group_id, error_code, cause, error_group, build_count, first_seen_on, last_seen_on,
          least_accounts
        from kinds join (${sumPeriods(sql, now)}) counted using (kind_id)
        union all
        select group_id, error_code, cause, error_group, build_count, first_seen_on, last_seen_on, 1
        from uncounted where time = 'now'
      ) parts group by group_id
    ), before as materialized (
      select group_id, sum(build_count)::bigint as build_count from (
        select group_id, build_count
        from kinds join (${sumPeriods(sql, before)}) counted using (kind_id)
        union all
        select group_id, build_count from uncounted where time = 'before'
      ) parts group by group_id
    ), unseen_kinds as materialized (
      select kind_id, group_id from now join kinds using (group_id)
      where not exists (select from before where before.group_id = now.group_id)
    ), ever as materialized (
      -- Of the groups that are not in the time before: did any build have them earlier?
      select group_id from error_counts join unseen_kinds using (kind_id)
      where ${inPeriods(sql, ever)} and kind_id = any(array(select kind_id from unseen_kinds))
      union
      select group_id from uncounted where time = 'ever'
    ), asked as materialized (
      select * from (
        select now.*, coalesce(before.build_count, 0) as build_count_before,
          before.build_count is null and ever.group_id is null as is_new
        from now left join before using (group_id) left join ever using (group_id)
      ) compared
      where is_new or build_count * ${BASELINE}::integer >= build_count_before * ${min_ratio}::float8
    ), listed as materialized (
      -- Of those that are shared for sure only the first can be shown.
      (select * from asked where is_shared
      order by is_new desc, build_count desc, error_code, cause, error_group limit ${limit})
      union all
      select * from asked where not is_shared
    ), listed_kinds as materialized (
      select kind_id, group_id from listed join kinds using (group_id)
    )
    select error_code, cause, error_group, is_new, build_count, account_count, build_count_before,
      first_seen_on, last_seen_on
    from listed join (${countAccounts(sql, {
      key: sql`group_id`,
      sets: sql`
        ${accountSets(sql, now, { key: sql`group_id`, kinds: sql`listed_kinds` })}
        union all
        select group_id, segment, few_accounts, null
        from uncounted join listed using (group_id) where time = 'now'`,
    })}) accounts using (group_id)
    where account_count >= ${min_accounts}
    order by is_new desc, build_count desc, error_code, cause, error_group
    limit ${limit}`
  return z.array(NewError).parse(rows)
}
