import {
  Backfill,
  type BackfillConfig,
  type BackfillRunStatus,
  FAILED_BUILD_OUTCOMES,
} from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from './sql.ts'

/** Which builds a run covers, and since when a scan counts as its own. */
export type BackfillBuilds = BackfillConfig & { started_on: Date }

/** `(after, through]` */
type BuildRange = { after: number; through: number }

const BackfillRow = Backfill.extend({
  started_on: z.date().transform((date) => date.toISOString()),
  stopped_on: z
    .date()
    .transform((date) => date.toISOString())
    .nullable(),
})

export type BackfillStore = ReturnType<typeof backfillStore>

/** Runs of BuildErrorsAgent, and the builds they scan. */
export function backfillStore(sql: Sql) {
  const columns = sql`
    backfill_id, status, min_build_id, max_build_id, older_than_detector_version, error_codes,
    account_ids, builds_per_second, builds_queued, builds_scanned, builds_failed, started_on,
    stopped_on`

  /**
   * The builds of a run, of `(after, through]` only, that have a log, and their last scans. A build
   * that failed after the run began is not one of them: it is scanned anyway, and a run does not grow
   * while it works.
   *
   * The range limits the scans as well; otherwise Postgres would read every scan for a few builds.
   */
  const builds = (
    run: BackfillBuilds,
    { after, through }: BuildRange = { after: run.min_build_id - 1, through: run.max_build_id },
  ) => sql`
    from builds b left join build_error_scans s
      on s.build_id = b.build_id and s.build_id > ${after} and s.build_id <= ${through}
    where b.build_outcome in ${sql([...FAILED_BUILD_OUTCOMES])}
      and b.build_id between ${run.min_build_id} and ${run.max_build_id}
      and b.build_id > ${after} and b.build_id <= ${through}
      and b.stopped_on < ${run.started_on} and b.log_deleted_on is null
      ${
        run.older_than_detector_version === null
          ? sql``
          : sql`and (s.build_id is null or s.outcome = 'scan_failed'
              or s.detector_version < ${run.older_than_detector_version})`
      }
      ${run.account_ids === null ? sql`` : sql`and b.account_id in ${sql(run.account_ids)}`}
      ${
        run.error_codes === null
          ? sql``
          : sql`and exists (
              select from build_errors e
              where e.build_id = b.build_id and e.error_code in ${sql(run.error_codes)})`
      }`

  /** Those that have no scan since the run began. */
  const unscanned = (run: BackfillBuilds, range: BuildRange) => sql`
    ${builds(run, range)} and (s.build_id is null or s.scanned_on < ${run.started_on})`

  return {
    /** The highest build_id; 0 when there is no build. */
    async selectMaxBuildId(): Promise<number> {
      const [row] = await sql<{ max: number | null }[]>`select max(build_id) as max from builds`
      return row?.max ?? 0
    },

    /** Records a run that begins now; undefined when another is recorded as running. */
    async insert(config: BackfillConfig): Promise<Backfill | undefined> {
      const [row] = await sql`
        insert into backfills (min_build_id, max_build_id, older_than_detector_version, error_codes,
          account_ids, builds_per_second)
        values (${config.min_build_id}, ${config.max_build_id},
          ${config.older_than_detector_version},
          ${config.error_codes && sql.json(config.error_codes)},
          ${config.account_ids && sql.json(config.account_ids)}, ${config.builds_per_second})
        on conflict (status) where status = 'running' do nothing
        returning ${columns}`
      return row && BackfillRow.parse(row)
    },

    /** The run that is recorded as running. */
    async selectRunning(): Promise<Backfill | undefined> {
      const [row] = await sql`select ${columns} from backfills where status = 'running'`
      return row && BackfillRow.parse(row)
    },

    async select(backfill_id: number): Promise<Backfill | undefined> {
      const [row] = await sql`select ${columns} from backfills where backfill_id = ${backfill_id}`
      return row && BackfillRow.parse(row)
    },

    /** The newest runs first. */
    async selectAll({ limit }: { limit: number }): Promise<Backfill[]> {
      const rows = await sql`
        select ${columns} from backfills order by backfill_id desc limit ${limit}`
      return z.array(BackfillRow).parse(rows)
    },

    /**
     * Records how far a run is, or how it ended; one that has ended stays as it is. Returns whether it
     * was still recorded as running.
     */
    async update(run: {
      backfill_id: number
      status: BackfillRunStatus
      builds_queued: number
      builds_scanned: number
      builds_failed: number
    }): Promise<boolean> {
      const { count } = await sql`
        update backfills
        set status = ${run.status}, builds_queued = ${run.builds_queued},
          builds_scanned = ${run.builds_scanned}, builds_failed = ${run.builds_failed},
          stopped_on = case when ${run.status !== 'running'} then now() end
        where backfill_id = ${run.backfill_id} and status = 'running'`
      return count > 0
    },

    /** Builds of a range that are not scanned yet, oldest first. */
    async selectUnscanned(
      run: BackfillBuilds,
      { limit, ...range }: BuildRange & { limit: number },
    ): Promise<number[]> {
      const rows = await sql<{ build_id: number }[]>`
        select b.build_id ${unscanned(run, range)}
        order by b.build_id limit ${limit}`
      return rows.map((row) => row.build_id)
    },

    /** How many builds of a range are not scanned yet, and the first of them. */
    async countUnscanned(
      run: BackfillBuilds,
      range: BuildRange,
    ): Promise<{ count: number; first: number | null }> {
      const [row] = await sql<{ count: number; first: number | null }[]>`
        select count(*) as count, min(b.build_id) as first ${unscanned(run, range)}`
      return row ?? { count: 0, first: null }
    },

    /** The number of builds of a run whose scan was given up. */
    async countFailed(run: BackfillBuilds): Promise<number> {
      const [row] = await sql<{ count: number }[]>`
        select count(*) as count ${builds(run)} and s.failed_on >= ${run.started_on}`
      return row?.count ?? 0
    },
  }
}
