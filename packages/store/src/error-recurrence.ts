import { Fault } from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from './sql.ts'

/** How many of a Worker's newest builds are read to find repeated failures. */
export const MAX_BUILDS_LOOKED_AT = 1_000

/** The newest failures of an account that are added up for its top list. */
export const MAX_FAILURES_ADDED_UP = 20_000

const Seen = z.object({
  build_uuid: z.uuid(),
  branch: z.string(),
  commit_hash: z.string(),
  stopped_on: z.coerce.date(),
})

/** How builds of a Worker failed in one way. */
export const WorkerError = z.object({
  error_code: z.string(),
  cause: z.string(),
  error_group: z.string(),
  /** Of the last of these builds. */
  fault: Fault,
  build_count: z.int(),
  first_seen: Seen,
  last_seen: Seen,
  /** The builds without another one between them that end with `last_seen`. */
  builds_in_a_row: z.int(),
  in_a_row_since: Seen,
  /** Whether no build has ended since `last_seen`. */
  is_current: z.boolean(),
  /** The last build before `in_a_row_since` that succeeded. */
  last_good: Seen.nullable(),
})
export type WorkerError = z.infer<typeof WorkerError>

export const AccountTopError = z.object({
  error_code: z.string(),
  cause: z.string(),
  error_group: z.string(),
  fault: Fault,
  build_count: z.int(),
  worker_count: z.int(),
  last_seen_on: z.date(),
  last_build_uuid: z.uuid(),
})
export type AccountTopError = z.infer<typeof AccountTopError>

export type ErrorRecurrenceStore = ReturnType<typeof errorRecurrenceStore>

/** Repeated failures of one Worker, and of one account. Only root causes count. */
export function errorRecurrenceStore(sql: Sql) {
  return {
    /**
     * The failures of a Worker's newest builds, on `branches` or on all, the latest first. A failed
     * build that was not scanned yet shows neither that a failure is gone nor that it is there.
     */
    async selectByWorker(worker: {
      account_id: string
      script_tag: string
      branches?: string[] | undefined
      limit: number
    }): Promise<WorkerError[]> {
      const { account_id, script_tag, branches, limit } = worker
      const rows = await sql`
        with ended as (
          select b.build_id, b.build_outcome,
            jsonb_build_object('build_uuid', b.build_uuid, 'branch', b.branch,
              'commit_hash', b.commit_hash, 'stopped_on', b.stopped_on) as seen
          from builds b
          where b.script_tag = ${script_tag} and b.account_id = ${account_id}
            and (b.build_outcome = 'success'
              or b.build_outcome in ('fail', 'terminated')
                and exists (select from build_error_scans s where s.build_id = b.build_id))
            ${branches ? sql`and b.branch in ${sql(branches)}` : sql``}
          order by b.build_id desc limit ${MAX_BUILDS_LOOKED_AT}),
        placed as (select *, row_number() over (order by build_id desc) as place from ended),
        failed as (
          select p.*, e.error_code, e.cause, e.error_group, e.fault,
            -- The same for builds that follow each other: newest first, 0 where none came after.
            p.place - row_number() over (
              partition by e.error_code, e.cause, e.error_group order by p.place) as others_after
          from placed p join build_errors e using (build_id) where e.rank = 0),
        grouped as (
          select *, min(others_after) over (partition by error_code, cause, error_group) as last_row
          from failed),
        added_up as (
          select error_code, cause, error_group, count(*) as build_count,
            min(build_id) as first_id, max(build_id) as last_id,
            count(*) filter (where others_after = last_row) as builds_in_a_row,
            min(build_id) filter (where others_after = last_row) as since_id,
            bool_or(place = 1) as is_current,
            (array_agg(fault order by build_id desc))[1] as fault
          from grouped group by error_code, cause, error_group
          order by last_id desc limit ${limit})
        select a.*, first.seen as first_seen, last.seen as last_seen, since.seen as in_a_row_since,
          (select g.seen from ended g
            where g.build_outcome = 'success' and g.build_id < a.since_id
            order by g.build_id desc limit 1) as last_good
        from added_up a
          join ended first on first.build_id = a.first_id
          join ended last on last.build_id = a.last_id
          join ended since on since.build_id = a.since_id
        order by a.last_id desc`
      return z.array(WorkerError).parse(rows)
    },

    /**
     * The failures of an account's builds that stopped in `[from, to)`, those of most builds first.
     * When a range has more failures than one query adds up, the oldest are left out.
     */
    async selectTopOfAccount(query: {
      account_id: string
      from: Date
      to: Date
      limit: number
    }): Promise<AccountTopError[]> {
      const rows = await selectTop(sql, query)
      return z.array(AccountTopError).parse(rows)
    },
  }
}

/** The rows of `selectTopOfAccount`, exported so that a test can explain the query. */
export function selectTop(
  sql: Sql,
  query: { account_id: string; from: Date; to: Date; limit: number },
) {
  return sql`
    with failures as materialized (
      select build_id, error_code, cause, error_group, fault, stopped_on
      from build_errors
      where account_id = ${query.account_id} and rank = 0
        and stopped_on >= ${query.from} and stopped_on < ${query.to}
      order by stopped_on desc limit ${MAX_FAILURES_ADDED_UP})
    select f.error_code, f.cause, f.error_group, count(*) as build_count,
      count(distinct b.script_tag) as worker_count, max(f.stopped_on) as last_seen_on,
      (array_agg(b.build_uuid order by b.build_id desc))[1] as last_build_uuid,
      (array_agg(f.fault order by b.build_id desc))[1] as fault
    from failures f join builds b using (build_id)
    group by f.error_code, f.cause, f.error_group
    order by build_count desc, last_seen_on desc
    limit ${query.limit}`
}
