import { BuildOutcome, BuildStatus, FailureReason } from '@workers-builds/contracts'
import { z } from 'zod'
import { StoredError } from './build-errors.ts'
import type { Sql } from './sql.ts'

/** A build whose state is to be reported to its Git provider now. */
export const DueReport = z.object({
  build_id: z.int(),
  /** The provider's id of the report that it has. */
  report_id: z.string().nullable(),
  revision: z.int(),
  /** This try included. */
  attempts: z.int(),
  build_uuid: z.uuid(),
  account_id: z.string(),
  script_name: z.string(),
  status: BuildStatus,
  build_outcome: BuildOutcome.nullable(),
  failure_reason: FailureReason.nullable(),
  branch: z.string(),
  commit_hash: z.string(),
  /** Where in the repository the build's commands run. */
  root_directory: z.string(),
  version_id: z.string().nullable(),
  preview_url: z.string().nullable(),
  /** The first of the errors that were found in the build's log. */
  root_cause: StoredError.nullable(),
})
export type DueReport = z.infer<typeof DueReport>

/** The result of a try. */
export type ReportTry = Pick<DueReport, 'build_id' | 'revision'> &
  ({ report_id: string } | { retry_seconds: number } | { given_up_reason: string })

/** A try that has not been recorded by then has died. */
const LEASE_SECONDS = 120

/** How long the provider's ids are kept. */
const KEPT_DAYS = 30

export type BuildReportStore = ReturnType<typeof buildReportStore>

/**
 * What Git providers show of builds. The database writes the rows itself, in the transaction that
 * changes the build or stores its first scan: see `sql/record_build_report.sql` and
 * `sql/release_build_reports.sql`.
 */
export function buildReportStore(sql: Sql) {
  return {
    /** The connections with reports that are due, longest waiting first. */
    async selectDueConnections({ limit }: { limit: number }): Promise<string[]> {
      const rows = await sql<{ repo_connection_uuid: string }[]>`
        select repo_connection_uuid from build_reports
        where due_on <= now()
        group by repo_connection_uuid
        order by min(due_on)
        limit ${limit}`
      return rows.map((row) => row.repo_connection_uuid)
    },

    /**
     * Takes reports of a connection that are due. A report without a recorded result becomes due
     * again after a while, so each is sent at least once.
     */
    async take({
      repo_connection_uuid,
      limit,
    }: {
      repo_connection_uuid: string
      limit: number
    }): Promise<DueReport[]> {
      const rows = await sql`
        with taken as (
          update build_reports
          set attempts = attempts + 1, due_on = now() + make_interval(secs => ${LEASE_SECONDS})
          where build_id in (
            select build_id from build_reports
            where repo_connection_uuid = ${repo_connection_uuid} and due_on <= now()
            order by due_on
            limit ${limit}
            for update skip locked)
          returning build_id, report_id, revision, attempts)
        select t.*, b.build_uuid, b.account_id, w.script_name, b.status, b.build_outcome,
          b.failure_reason, b.branch, b.commit_hash, b.settings->>'root_directory' as root_directory,
          b.version_id, b.preview_url, (
            select jsonb_build_object('error_code', e.error_code, 'error_group', e.error_group,
              'cause', e.cause, 'fault', e.fault, 'step', e.step, 'line', e.line,
              'confidence', e.confidence)
            from build_errors e where e.build_id = b.build_id order by e.rank limit 1
          ) as root_cause
        from taken t join builds b using (build_id) join workers w using (script_tag)
        order by t.build_id`
      return z.array(DueReport).parse(rows)
    },

    /** Records the result of a try; a change since the try began stays due. */
    async record({ build_id, revision, ...result }: ReportTry): Promise<void> {
      if ('given_up_reason' in result) {
        const given_up_reason = result.given_up_reason.slice(0, 500)
        await sql`
          update build_reports set due_on = null, given_up_reason = ${given_up_reason}
          where build_id = ${build_id}`
      } else if ('report_id' in result) {
        await sql`
          update build_reports
          set report_id = ${result.report_id},
            due_on = case when revision <> ${revision} then due_on end
          where build_id = ${build_id}`
      } else {
        await sql`
          update build_reports
          set due_on = now() + make_interval(secs => ${result.retry_seconds})
          where build_id = ${build_id} and revision = ${revision}`
      }
    },

    /** Deletes reports of builds from long ago. */
    async prune({ limit }: { limit: number }): Promise<void> {
      await sql`
        delete from build_reports
        where created_on < now() - make_interval(days => ${KEPT_DAYS}) and build_id in (
          select build_id from build_reports order by build_id limit ${limit})`
    },
  }
}
