import { z } from 'zod'
import type { Sql } from './sql.ts'

/** How often a Worker's builds failed in the same way, and since when. */
export const ErrorRecurrence = z.object({
  build_count: z.int(),
  first_seen_on: z.date(),
  last_seen_on: z.date(),
  /** The commit of the first of these builds. */
  first_commit_hash: z.string(),
})
export type ErrorRecurrence = z.infer<typeof ErrorRecurrence>

export const AccountTopError = z.object({
  error_code: z.string(),
  cause: z.string(),
  error_group: z.string(),
  build_count: z.int(),
  worker_count: z.int(),
  last_seen_on: z.date(),
  last_build_uuid: z.uuid(),
})
export type AccountTopError = z.infer<typeof AccountTopError>

export type ErrorRecurrenceStore = ReturnType<typeof errorRecurrenceStore>

/** The same failures again: of one Worker, and of one account. */
export function errorRecurrenceStore(sql: Sql) {
  return {
    /** Of the root cause of a build; undefined when it has none. */
    async selectByBuild(build: {
      account_id: string
      build_uuid: string
    }): Promise<ErrorRecurrence | undefined> {
      const [row] = await sql`
        with root as (
          select b.script_tag, e.error_code, e.error_group
          from builds b join build_errors e using (build_id)
          where b.account_id = ${build.account_id} and b.build_uuid = ${build.build_uuid}
          order by e.rank limit 1)
        select count(*) as build_count, min(e.stopped_on) as first_seen_on,
          max(e.stopped_on) as last_seen_on,
          (array_agg(b.commit_hash order by b.build_id))[1] as first_commit_hash
        from root r
          join builds b on b.script_tag = r.script_tag
          join build_errors e on e.build_id = b.build_id
            and e.error_code = r.error_code and e.error_group = r.error_group
        having count(*) > 0`
      return row && ErrorRecurrence.parse(row)
    },

    /** The failures of an account since `from`, those of most builds first. */
    async selectTopOfAccount(query: {
      account_id: string
      from: Date
      limit: number
    }): Promise<AccountTopError[]> {
      const rows = await sql`
        select e.error_code, e.cause, e.error_group, count(*) as build_count,
          count(distinct b.script_tag) as worker_count, max(e.stopped_on) as last_seen_on,
          (array_agg(b.build_uuid order by b.build_id desc))[1] as last_build_uuid
        from builds b join build_errors e using (build_id)
        where b.account_id = ${query.account_id} and e.stopped_on >= ${query.from} and e.rank = 0
        group by e.error_code, e.cause, e.error_group
        order by build_count desc, last_seen_on desc
        limit ${query.limit}`
      return z.array(AccountTopError).parse(rows)
    },
  }
}
