import {
  BuildOutcome,
  type DetectedError,
  FailureReason,
  ScanOutcome,
} from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from './sql.ts'

/** What was found in one build's log. */
export type BuildScan = {
  build_id: number
  outcome: Exclude<ScanOutcome, 'scan_failed'>
  detector_version: number
  lines_read: number
  errors: DetectedError[]
}

const ScanRow = z.object({
  outcome: ScanOutcome,
  detector_version: z.int(),
  lines_read: z.int(),
  attempts: z.int(),
  scanned_on: z.date(),
})
export type ScanRow = z.infer<typeof ScanRow>

const BuildToScan = z.object({
  build_id: z.int(),
  build_outcome: BuildOutcome.nullable(),
  failure_reason: FailureReason.nullable(),
})
export type BuildToScan = z.infer<typeof BuildToScan>

export type BuildErrorScanStore = ReturnType<typeof buildErrorScanStore>

/** One row per build that was looked at: what the look came to. */
export function buildErrorScanStore(sql: Sql) {
  const isOutdated = sql`s.detector_version <= excluded.detector_version`

  return {
    async select(build_id: number): Promise<ScanRow | undefined> {
      const [row] = await sql`
        select outcome, detector_version, lines_read, attempts, scanned_on
        from build_error_scans where build_id = ${build_id}`
      return row && ScanRow.parse(row)
    },

    /** The builds of these that are there. */
    async selectBuilds(build_ids: number[]): Promise<BuildToScan[]> {
      if (build_ids.length === 0) return []
      const rows = await sql`
        select build_id, build_outcome, failure_reason from builds
        where build_id in ${sql(build_ids)}`
      return z.array(BuildToScan).parse(rows)
    },

    /**
     * Stores scans and, in the same transaction, the errors they found in place of earlier ones.
     * The upsert locks each build, which keeps it from being deleted, and its scan, in the order of
     * `build_id`, so two batches with the same builds wait for each other instead of deadlocking,
     * and so do a batch and a deletion. It is a statement of its own, because only
     * one that begins after the locks sees what another batch has just stored. A scan of an older
     * detector than the one stored says that somebody looked, and changes nothing else. Errors that
     * are found again are left as they are, so that a re-scan writes only what has changed.
     */
    async replace(scans: BuildScan[]): Promise<void> {
      if (scans.length === 0) return
      const scanned = scans.map(scanColumns)
      const found = scans.flatMap(errorColumns)
      await sql.begin((tx) => [
        tx`
          with written as (
            insert into build_error_scans as s
              (build_id, outcome, detector_version, lines_read, scanned_on)
            select n.build_id, n.outcome, n.detector_version, n.lines_read, now()
            from jsonb_to_recordset(${tx.json(scanned)})
              as n (build_id bigint, outcome text, detector_version integer, lines_read integer)
            join builds b using (build_id)
            order by n.build_id
            for key share of b
            on conflict (build_id) do update
            set outcome = case when ${isOutdated} then excluded.outcome else s.outcome end,
              lines_read = case when ${isOutdated} then excluded.lines_read else s.lines_read end,
              detector_version = greatest(s.detector_version, excluded.detector_version),
              scanned_on = excluded.scanned_on, failed_on = null, attempts = s.attempts + 1
            returning s.build_id
          )
          update builds set scan_due_on = null
          where build_id in (select build_id from written) and scan_due_on is not null`,
        tx`
          with scanned as (
            select build_id
            from jsonb_to_recordset(${tx.json(scanned)})
              as n (build_id bigint, detector_version integer)
            join build_error_scans s using (build_id, detector_version)
          ),
          found as (
            select e.*, b.account_id, b.stopped_on
            from jsonb_to_recordset(${tx.json(found)})
              as e (build_id bigint, error_code text, error_group text, rank integer, cause text,
                fault text, step text, line integer, confidence real)
            join scanned using (build_id)
            join builds b using (build_id)
          ),
          gone as (
            delete from build_errors e using scanned
            where e.build_id = scanned.build_id and not exists (
              select from found
              where found.build_id = e.build_id and found.error_code = e.error_code
                and found.error_group = e.error_group)
          )
          insert into build_errors as e (build_id, error_code, error_group, rank, cause, fault, step,
            line, confidence, account_id, stopped_on)
          select distinct on (build_id, error_code, error_group) build_id, error_code, error_group,
            rank, cause, fault, step, line, confidence, account_id, stopped_on
          from found
          order by build_id, error_code, error_group, rank
          on conflict (build_id, error_code, error_group) do update
          set rank = excluded.rank, cause = excluded.cause, fault = excluded.fault,
            step = excluded.step, line = excluded.line, confidence = excluded.confidence
          where (e.rank, e.cause, e.fault, e.step, e.line, e.confidence) is distinct from
            (excluded.rank, excluded.cause, excluded.fault, excluded.step, excluded.line,
              excluded.confidence)`,
      ])
    },

    /**
     * Records that a build's log could not be read, however often it was tried. What an earlier
     * scan found stays.
     */
    async recordFailed({
      build_id,
      detector_version,
    }: {
      build_id: number
      detector_version: number
    }): Promise<void> {
      await sql`
        with failed as (
          insert into build_error_scans as s
            (build_id, outcome, detector_version, lines_read, scanned_on, failed_on)
          select build_id, 'scan_failed', ${detector_version}, 0, now(), now()
          from builds where build_id = ${build_id}
          for key share
          on conflict (build_id) do update
          set attempts = s.attempts + 1, scanned_on = excluded.scanned_on,
            failed_on = excluded.failed_on
          returning s.build_id
        )
        update builds set scan_due_on = null
        where build_id in (select build_id from failed) and scan_due_on is not null`
    },
  }
}

function scanColumns({ build_id, outcome, detector_version, lines_read }: BuildScan) {
  return { build_id, outcome, detector_version, lines_read }
}

function errorColumns({ build_id, errors }: BuildScan) {
  return errors.map(({ title: _, ...error }, rank) => ({ build_id, rank, ...error }))
}
