import {
  BuildOutcome,
  type DetectedError,
  FailureReason,
  ScanOutcome,
} from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from './sql.ts'

/** The result of one scan of a build's log. */
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

/** One row per scanned build: the result of its last scan. */
export function buildErrorScanStore(sql: Sql) {
  return {
    async select(build_id: number): Promise<ScanRow | undefined> {
      const [row] = await sql`
        select outcome, detector_version, lines_read, attempts, scanned_on
        from build_error_scans where build_id = ${build_id}`
      return row && ScanRow.parse(row)
    },

    /** Those of these builds that exist. */
    async selectBuilds(build_ids: number[]): Promise<BuildToScan[]> {
      if (build_ids.length === 0) return []
      const rows = await sql`
        select build_id, build_outcome, failure_reason from builds
        where build_id in ${sql(build_ids)}`
      return z.array(BuildToScan).parse(rows)
    },

    /** The last good build of the same trigger before each of these builds, for those that have one. */
    async selectGoodBuilds(build_ids: number[]): Promise<Map<number, number>> {
      if (build_ids.length === 0) return new Map()
      const rows = await sql<{ build_id: number; good_build_id: number }[]>`
        select b.build_id, good.build_id as good_build_id
        from builds b cross join lateral (
          select g.build_id from builds g
          where g.trigger_uuid = b.trigger_uuid and g.build_id < b.build_id
            and g.build_outcome = 'success'
          order by g.build_id desc limit 1) good
        where b.build_id in ${sql(build_ids)}`
      return new Map(rows.map((row) => [row.build_id, row.good_build_id]))
    },

    /**
     * Stores scans and, in the same transaction, the errors they found in place of earlier ones.
     * Scans of the same builds may be stored at the same time. A scan of a deleted build is left out,
     * and a scan of an older detector than the stored one only counts as an attempt. How: `sql/store_scans.sql`.
     */
    async replace(scans: BuildScan[]): Promise<void> {
      if (scans.length === 0) return
      const errors = scans.flatMap(errorColumns)
      await sql`select store_scans(${sql.json(scans.map(scanColumns))}, ${sql.json(errors)})`
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
