import {
  Backfill,
  type BackfillConfig,
  type BackfillRunStatus,
  FAILED_BUILD_OUTCOMES,
} from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from './sql.ts'

/** Which builds a run means, and since when a scan counts as its own. */
export type BackfillBuilds = BackfillConfig & { started_on: Date }

const BackfillRow = Backfill.extend({
  started_on: z.date().transform((date) => date.toISOString()),
  stopped_on: z
    .date()
    .transform((date) => date.toISOString())
    .nullable(),
})

export type BackfillStore = ReturnType<typeof backfillStore>

/** Runs of BuildErrorsAgent, and the builds they take. */
export function backfillStore(sql: Sql) {
  const columns = sql`
    backfill_id, status, min_build_id, max_build_id, older_than_detector_version, error_codes,
    account_ids, builds_per_second, builds_queued, started_on, stopped_on`

  /** The failed builds of a run that have a log, and no scan since it began. */
  const unscanned = (run: BackfillBuilds) => sql`
    from builds b left join build_error_scans s using (build_id)
    where b.build_outcome in ${sql([...FAILED_BUILD_OUTCOMES])}
      and b.build_id between ${run.min_build_id} and ${run.max_build_id}
      and b.log_deleted_on is null
      and (s.build_id is null or s.scanned_on < ${run.started_on})
      ${
        run.older_than_detector_version === null
          ? sql``
          : sql`and (s.build_id is null or s.detector_version < ${run.older_than_detector_version})`
      }
      ${run.account_ids === null ? sql`` : sql`and b.account_id in ${sql(run.account_ids)}`}
      ${
        run.error_codes === null
          ? sql``
          : sql`and exists (
              select from build_errors e
              where e.build_id = b.build_id and e.error_code in ${sql(run.error_codes)})`
      }`

  return {
    /** The highest build_id there is; 0 when there is no build. */
    async selectMaxBuildId(): Promise<number> {
      const [row] = await sql<{ max: number | null }[]>`select max(build_id) as max from builds`
      return row?.max ?? 0
    },

    /** Records a run that begins now. A second one while another runs violates a constraint. */
    async insert(config: BackfillConfig): Promise<Backfill> {
      const [row] = await sql`
        insert into backfills (min_build_id, max_build_id, older_than_detector_version, error_codes,
          account_ids, builds_per_second)
        values (${config.min_build_id}, ${config.max_build_id},
          ${config.older_than_detector_version},
          ${config.error_codes && sql.json(config.error_codes)},
          ${config.account_ids && sql.json(config.account_ids)}, ${config.builds_per_second})
        returning ${columns}`
      return BackfillRow.parse(row)
    },

    /** The run that is recorded as running. */
    async selectRunning(): Promise<Backfill | undefined> {
      const [row] = await sql`select ${columns} from backfills where status = 'running'`
      return row && BackfillRow.parse(row)
    },

    /** The newest runs first. */
    async selectAll({ limit }: { limit: number }): Promise<Backfill[]> {
      const rows = await sql`
        select ${columns} from backfills order by backfill_id desc limit ${limit}`
      return z.array(BackfillRow).parse(rows)
    },

    /** Says how far a run is, or how it ended; one that has ended stays as it is. */
    async update(run: {
      backfill_id: number
      status: BackfillRunStatus
      builds_queued: number
    }): Promise<void> {
      await sql`
        update backfills
        set status = ${run.status}, builds_queued = ${run.builds_queued},
          stopped_on = case when ${run.status !== 'running'} then now() end
        where backfill_id = ${run.backfill_id} and status = 'running'`
    },

    /** The next builds to send: after `after`, in order. */
    async selectNext(
      run: BackfillBuilds,
      { after, limit }: { after: number; limit: number },
    ): Promise<number[]> {
      const rows = await sql<{ build_id: number }[]>`
        select b.build_id ${unscanned(run)} and b.build_id > ${after}
        order by b.build_id limit ${limit}`
      return rows.map((row) => row.build_id)
    },

    /** The builds of `(after, through]` that were sent and are not scanned yet, oldest first. */
    async selectUnderWay(
      run: BackfillBuilds,
      { after, through, limit }: { after: number; through: number; limit: number },
    ): Promise<number[]> {
      const rows = await sql<{ build_id: number }[]>`
        select b.build_id ${unscanned(run)} and b.build_id > ${after} and b.build_id <= ${through}
        order by b.build_id limit ${limit}`
      return rows.map((row) => row.build_id)
    },

    /** How many builds of a run are not scanned yet, and of how many the scan failed. */
    async count(run: BackfillBuilds): Promise<{ remaining: number; failed: number }> {
      const [[remaining], [failed]] = await Promise.all([
        sql<{ n: number }[]>`select count(*) as n ${unscanned(run)}`,
        sql<{ n: number }[]>`
          select count(*) as n from build_error_scans
          where outcome = 'scan_failed' and scanned_on >= ${run.started_on}
            and build_id between ${run.min_build_id} and ${run.max_build_id}`,
      ])
      return { remaining: remaining?.n ?? 0, failed: failed?.n ?? 0 }
    },
  }
}
