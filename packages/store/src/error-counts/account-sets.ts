/**
 * Sets of accounts. An account is a number, `accounts.account_no`; numbers are cut into segments,
 * and within a segment a small set is a list of numbers, a large one a string of bits, so that large
 * sets are united without looking at each account.
 *
 * @module
 */
import type { Fragment, Sql } from '../sql.ts'

/** Accounts in a segment: as many as `error_counts.many_accounts` has bits. */
export const SEGMENT = 8192

/** Up to here a list is read faster than bits. */
const MOST_FEW = 64

/** The bits of the set `few or many`, either of which may be null; null where a list will do. */
export function bitsOf(sql: Sql) {
  return sql`
    case when many is not null or cardinality(few) > ${MOST_FEW}::integer then
      coalesce(many, 0::bit(8192)) | coalesce(
        (select bit_or(set_bit(0::bit(8192), n, 1)) from unnest(few) n), 0::bit(8192))
    end`
}

/** The accounts of rows with an `account_no`, which are grouped by `segment` too, as a list. */
export function listAccounts(sql: Sql) {
  return sql`array_agg((account_no % ${SEGMENT}::integer)::smallint)`
}

/** The segment of an `account_no`. */
export function segmentOf(sql: Sql) {
  return sql`account_no / ${SEGMENT}::integer`
}

/**
 * A query for `account_count`, the number of different accounts, by `key`, in the sets that the query
 * `sets` finds: `key, segment, few_accounts, many_accounts`.
 */
export function countAccounts(sql: Sql, { key, sets }: { key: Fragment; sets: Fragment }) {
  return sql`
    with sets as materialized (${sets}
    ), many as materialized (
      select ${key}, segment, bit_or(many_accounts) as accounts from sets
      where many_accounts is not null group by ${key}, segment
    ), few as (
      select ${key}, segment, unnest(few_accounts)::integer as n from sets
    )
    select ${key}, sum(account_count)::bigint as account_count from (
      select ${key}, bit_count(accounts) as account_count from many
      union all
      select ${key}, count(*) from (
        select distinct ${key}, segment, n from few left join many using (${key}, segment)
        where accounts is null or get_bit(accounts, n) = 0
      ) only_few group by ${key}
    ) parts group by ${key}`
}
