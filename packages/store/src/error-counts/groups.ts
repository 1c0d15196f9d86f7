/**
 * Where groups are counted from: sums over counted periods, and the rows of what these leave.
 *
 * @module
 */
import type { Fragment, Sql } from '../sql.ts'
import { listAccounts, segmentOf } from './account-sets.ts'
import type { TimeRange } from './periods.ts'
import { inPeriods, isWithin } from './read.ts'
import type { SplitRange } from './split-range.ts'

/** The groups that are counted, of which `isAsked` says whether they are asked for. */
export function askedKinds(sql: Sql, isAsked: Fragment) {
  return sql`
    select kind_id, group_id, error_code, cause, error_group, fault
    from error_kinds where scope = 'group' and ${isAsked}`
}

/** What counted periods come to, by kind. Of its accounts only how many there are at least. */
export function sumPeriods(sql: Sql, split: SplitRange) {
  return sql`
    select kind_id, sum(build_count) as build_count, max(account_count) as least_accounts,
      min(first_seen_on) as first_seen_on, max(last_seen_on) as last_seen_on
    from error_counts where ${inPeriods(sql, split)} group by kind_id`
}

/**
 * The sets of accounts that counted periods have of the kinds in the common table `kinds`, each with
 * its `key`. The array, which repeats the join, is looked up in the index.
 */
export function accountSets(
  sql: Sql,
  split: SplitRange,
  { key, kinds }: { key: Fragment; kinds: Fragment },
) {
  return sql`
    select ${key}, segment, few_accounts, many_accounts
    from error_counts join ${kinds} using (kind_id)
    where ${inPeriods(sql, split)} and kind_id = any(array(select kind_id from ${kinds}))`
}

/**
 * What the rows in `gaps` come to, by group, fault, segment and `time`. A group that was never
 * counted before gets a number below zero.
 */
export function countGaps(
  sql: Sql,
  { gaps, isAsked, time = sql`null` }: { gaps: TimeRange[]; isAsked: Fragment; time?: Fragment },
) {
  return sql`
    select gaps.*, coalesce(known_id,
      -dense_rank() over (order by known_id nulls first, error_code, cause, error_group)) as group_id
    from (
      select gaps.*, (
        select group_id from error_kinds k
        where k.scope = 'group' and k.error_code = gaps.error_code and k.cause = gaps.cause
          and k.error_group = gaps.error_group
        limit 1) as known_id
      from (
        select error_code, cause, error_group, fault, ${segmentOf(sql)} as segment, ${time} as time,
          count(*) as build_count, min(stopped_on) as first_seen_on,
          max(stopped_on) as last_seen_on, ${listAccounts(sql)} as few_accounts,
          array_agg(build_id) as build_ids
        from build_errors join accounts using (account_id)
        where ${isWithin(sql, gaps)} and ${isAsked}
        group by error_code, cause, error_group, fault, segment, time
      ) gaps
    ) gaps`
}
