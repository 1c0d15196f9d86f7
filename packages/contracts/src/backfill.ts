/** Scanning past builds again. */
import { z } from 'zod'
import { AccountId, BuildId } from './ids.ts'

/** What to scan again: every failed build by default. */
export const BackfillRequest = z
  .strictObject({
    min_build_id: z.int().nonnegative('must not be negative').optional(),
    max_build_id: z.int().nonnegative('must not be negative').optional(),
    /** Only builds that an older detector scanned, or none. */
    only_outdated: z.boolean().default(false),
    /** Only builds in which one of these was found. */
    error_codes: z.array(z.string().min(1).max(100)).min(1).max(100).optional(),
    account_ids: z.array(AccountId).min(1).max(1_000).optional(),
    /** At most this many a second; as many as can be scanned when left out. */
    builds_per_second: z.int().min(1).max(5_000).optional(),
  })
  .refine(
    ({ min_build_id = 0, max_build_id }) =>
      max_build_id === undefined || max_build_id >= min_build_id,
    { path: ['max_build_id'], error: 'must not be less than min_build_id' },
  )
export type BackfillRequest = z.infer<typeof BackfillRequest>

/** The builds of a run, as BuildErrorsAgent gets them: `only_outdated` has become a version. */
export const BackfillConfig = z.object({
  min_build_id: z.int().nonnegative(),
  max_build_id: z.int().nonnegative(),
  older_than_detector_version: z.int().positive().nullable(),
  error_codes: z.array(z.string()).nullable(),
  account_ids: z.array(AccountId).nullable(),
  builds_per_second: z.int().positive().nullable(),
})
export type BackfillConfig = z.infer<typeof BackfillConfig>

export const BackfillRunStatus = z.enum(['running', 'completed', 'stopped'])
export type BackfillRunStatus = z.infer<typeof BackfillRunStatus>

/** One run, now or in the past. */
export const Backfill = BackfillConfig.extend({
  backfill_id: z.int(),
  status: BackfillRunStatus,
  started_on: z.iso.datetime(),
  stopped_on: z.iso.datetime().nullable(),
  /** Builds that were sent to the queue; one that was sent again counts once. */
  builds_queued: z.int(),
  /** Of these, the ones that were scanned since. */
  builds_scanned: z.int(),
  /** Of these, the ones whose log could not be read. */
  builds_failed: z.int(),
})
export type Backfill = z.infer<typeof Backfill>

/** The progress of a run. */
export const BackfillProgress = z.object({
  /** The newest build that was sent; null before the first. */
  latest_build_id: BuildId.nullable(),
  builds_queued: z.int(),
  builds_scanned: z.int(),
  /** Of these, the ones whose log could not be read. */
  builds_failed: z.int(),
  /** Sent and not scanned yet, and not sent yet. */
  builds_remaining: z.int(),
  builds_per_second: z.number(),
  /** Null until a build has been scanned. */
  estimated_end: z.iso.datetime().nullable(),
})
export type BackfillProgress = z.infer<typeof BackfillProgress>

/** `GET /internal/build-errors/backfills`, newest first; a running one with its progress, unless that is not known in time. */
export const Backfills = z.array(Backfill.extend({ progress: BackfillProgress.nullable() }))
export type Backfills = z.infer<typeof Backfills>

/** Runs as the API shows them: the running one with its progress from `current`. */
export function withProgress(
  runs: Backfill[],
  current: { backfill_id: number; progress: BackfillProgress } | null,
): Backfills {
  return runs.map((run) => {
    if (run.status !== 'running' || run.backfill_id !== current?.backfill_id) {
      return { ...run, progress: null }
    }
    // The row is as of the agent's last look; one answer must not contradict itself.
    const { builds_queued, builds_scanned, builds_failed } = current.progress
    return { ...run, builds_queued, builds_scanned, builds_failed, progress: current.progress }
  })
}
