import { DetectedError } from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from './sql.ts'

/** An error as it is stored; its title is looked up by those who show it. */
export const StoredError = DetectedError.omit({ title: true })
export type StoredError = z.infer<typeof StoredError>

export const TopError = z.object({
  error_code: z.string(),
  cause: z.string(),
  error_group: z.string().nullable(),
  build_count: z.int(),
  account_count: z.int(),
  last_seen_on: z.date(),
})
export type TopError = z.infer<typeof TopError>

/** How many builds of an account have an unexplained group. */
export const UnclassifiedCount = z.object({
  error_group: z.string(),
  account_id: z.string(),
  build_count: z.int(),
})
export type UnclassifiedCount = z.infer<typeof UnclassifiedCount>

/** The code of errors that no signature explains. */
const UNCLASSIFIED = 'unclassified'

export type BuildErrorStore = ReturnType<typeof buildErrorStore>

/** One row per build, error code and error group. */
export function buildErrorStore(sql: Sql) {
  return {
    /** The errors of a build, root cause first. */
    async selectByBuild(build_id: number): Promise<StoredError[]> {
      const rows = await sql`
        select error_code, error_group, cause, fault, step, line, confidence
        from build_errors where build_id = ${build_id} order by rank`
      return z.array(StoredError).parse(rows)
    },

    /**
     * Counts of the builds that stopped in `[from, to)`, by code, cause and group, largest first.
     * The groups that fewer than `min_accounts` accounts share are counted together, without their
     * text, in one row a code and cause. What no signature explains does not count.
     */
    async selectTop(range: {
      from: Date
      to: Date
      min_accounts: number
      limit: number
    }): Promise<TopError[]> {
      const inRange = sql`
        stopped_on >= ${range.from} and stopped_on < ${range.to}
        and error_code <> ${UNCLASSIFIED}`
      const rows = await sql`
        with shared as (
          select error_code, cause, error_group from build_errors
          where ${inRange}
          group by error_code, cause, error_group
          having count(distinct account_id) >= ${range.min_accounts}
        )
        select e.error_code, e.cause, s.error_group, count(distinct e.build_id) as build_count,
          count(distinct e.account_id) as account_count, max(e.stopped_on) as last_seen_on
        from build_errors e left join shared s using (error_code, cause, error_group)
        where ${inRange}
        group by e.error_code, e.cause, s.error_group
        order by build_count desc, e.error_code, e.cause, s.error_group
        limit ${range.limit}`
      return z.array(TopError).parse(rows)
    },

    /** The unexplained groups of the builds that stopped in `[from, to)`, largest first. */
    async selectUnclassified(range: {
      from: Date
      to: Date
      limit: number
    }): Promise<UnclassifiedCount[]> {
      const rows = await sql`
        select error_group, account_id, count(*) as build_count from build_errors
        where stopped_on >= ${range.from} and stopped_on < ${range.to}
          and error_code = ${UNCLASSIFIED}
        group by error_group, account_id
        order by build_count desc, error_group, account_id
        limit ${range.limit}`
      return z.array(UnclassifiedCount).parse(rows)
    },
  }
}
