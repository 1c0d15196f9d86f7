/**
 * Sets of accounts. An account is a number, `accounts.account_no`; numbers are cut into segments,
 * and within a segment a small set is a list of numbers, a large one a string of bits, so that large
 * sets are united without looking at each account.
 *
 * @module
 */
import type { Sql } from '../sql.ts'

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
