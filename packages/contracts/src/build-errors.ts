/** Why builds failed: of one build, of a Worker, of an account, and across accounts. */
import { z } from 'zod'
import { DetectedError, Fault, ScanOutcome } from './detection.ts'
import { IsoDate } from './fields.ts'
import { BuildUuid } from './ids.ts'

/** The explanation of an error for a person. */
const Explained = {
  title: z.string(),
  fix: z.string().nullable(),
  docs_url: z.string().nullable(),
}

/** The number of a line in the log as it is read from its beginning: the first one is 1. */
const LineNumber = z.int().positive().describe('Number of the line in the log, counted from 1')

/** What the log says, masked as the log is. Null and empty where the log is not kept any more. */
const FromLog = {
  /** Null when the failure is known without a log. */
  line_number: LineNumber.nullable(),
  /** The text of the decisive line, without colours. */
  line_text: z.string().nullable(),
  /** At most six lines around the decisive one that are not blank, in the order of the log. */
  context: z.array(z.object({ line_number: LineNumber, text: z.string() })),
  /** The place in the repository that the error names. */
  location: z
    .object({
      /** From the root of the repository. */
      file: z.string(),
      /** Counted from 1; null when only the file is known. */
      line: z.int().nonnegative().nullable(),
      /** As the tool counts it. */
      column: z.int().nonnegative().nullable(),
    })
    .nullable(),
  line: z
    .int()
    .nonnegative()
    .nullable()
    .describe('The same line counted from 0; use line_number')
    .meta({ deprecated: true }),
}

/** `GET …/builds/:build_uuid/errors`: `scan` is null until the build was scanned. */
export const BuildErrors = z.object({
  scan: z
    .object({
      outcome: ScanOutcome,
      detector_version: z.int(),
      lines_read: z.int(),
      scanned_on: IsoDate,
    })
    .nullable(),
  /** Root cause first. */
  errors: z.array(DetectedError.extend({ ...Explained, ...FromLog })),
})
export type BuildErrors = z.infer<typeof BuildErrors>

/** A build in which a failure was seen, or was not seen. */
const SeenBuild = z.object({
  build_uuid: BuildUuid,
  branch: z.string(),
  commit_hash: z.string(),
  stopped_on: IsoDate,
})

/**
 * `GET …/workers/:script_tag/errors`: why the Worker's newest builds failed, the latest failure
 * first. Only builds that ran to an end, and of those that failed only scanned ones, count.
 */
export const WorkerErrors = z.object({
  /** Null: all branches. */
  branches: z.array(z.string()).nullable(),
  errors: z.array(
    z.object({
      error_code: z.string(),
      cause: z.string(),
      error_group: z.string(),
      fault: Fault,
      build_count: z.int(),
      first_seen: SeenBuild,
      last_seen: SeenBuild,
      /** Up to `last_seen`, without a build between them that did not fail in this way. */
      builds_in_a_row: z.int().positive(),
      in_a_row_since: SeenBuild,
      /** The newest build still fails with it. */
      is_current: z.boolean(),
      /** The last build that succeeded before `in_a_row_since`. */
      last_good: SeenBuild.nullable(),
      ...Explained,
    }),
  ),
})
export type WorkerErrors = z.infer<typeof WorkerErrors>

/** `GET …/builds/errors`: why most builds of the account failed. */
export const AccountErrors = z.object({
  from: IsoDate,
  to: IsoDate,
  errors: z.array(
    z.object({
      error_code: z.string(),
      cause: z.string(),
      error_group: z.string(),
      fault: Fault,
      build_count: z.int(),
      worker_count: z.int(),
      last_seen_on: IsoDate,
      last_build_uuid: BuildUuid,
      ...Explained,
    }),
  ),
})
export type AccountErrors = z.infer<typeof AccountErrors>

/**
 * `GET /internal/build-errors/top`: how many builds stopped with each error. Groups that too few
 * accounts share are added up in one row a code and cause, with `error_group` null.
 */
export const TopBuildErrors = z.object({
  from: IsoDate,
  to: IsoDate,
  errors: z.array(
    z.object({
      error_code: z.string(),
      cause: z.string(),
      error_group: z.string().nullable(),
      build_count: z.int(),
      account_count: z.int(),
      last_seen_on: IsoDate,
      /** Null where builds differ. */
      fault: Fault.nullable(),
    }),
  ),
})
export type TopBuildErrors = z.infer<typeof TopBuildErrors>

/**
 * `GET /internal/build-errors/trend`: how many builds had an error of this code, of one cause of it,
 * or of one group, over time. Intervals without one are included.
 */
export const BuildErrorTrend = z.object({
  from: IsoDate,
  to: IsoDate,
  interval: z.enum(['hour', 'day', 'week']),
  error_code: z.string(),
  cause: z.string().nullable(),
  error_group: z.string().nullable(),
  build_count: z.int(),
  account_count: z.int(),
  first_seen_on: IsoDate,
  last_seen_on: IsoDate,
  buckets: z.array(z.object({ starts_on: IsoDate, build_count: z.int(), account_count: z.int() })),
})
export type BuildErrorTrend = z.infer<typeof BuildErrorTrend>

/**
 * `GET /internal/build-errors/new`: groups that no build had before, and groups that are several
 * times as frequent as before. Those that too few accounts share are left out.
 */
export const NewBuildErrors = z.object({
  since: IsoDate,
  to: IsoDate,
  errors: z.array(
    z.object({
      error_code: z.string(),
      cause: z.string(),
      error_group: z.string(),
      /** Nobody had it before `since`; else it is more frequent than before. */
      is_new: z.boolean(),
      build_count: z.int(),
      account_count: z.int(),
      /** Builds in the time before `since`, which is four times as long as the time after. */
      build_count_before: z.int(),
      first_seen_on: IsoDate,
      last_seen_on: IsoDate,
    }),
  ),
})
export type NewBuildErrors = z.infer<typeof NewBuildErrors>

/**
 * `GET /internal/build-errors/unclassified`: failures that no signature recognizes yet, in clusters of similar
 * ones, largest first. Nothing that too few accounts share is shown; `hidden` says how much that is.
 */
export const UnclassifiedBuildErrors = z.object({
  from: IsoDate,
  to: IsoDate,
  clusters: z.array(
    z.object({
      /** The words that the groups have in common. */
      template: z.string(),
      build_count: z.int(),
      account_count: z.int(),
      groups: z.array(z.object({ error_group: z.string(), build_count: z.int() })),
      /** What to add to the knowledge base; a person decides its cause. */
      proposed_signature: z.object({ message: z.string(), examples: z.array(z.string()) }),
    }),
  ),
  hidden: z.object({ cluster_count: z.int(), build_count: z.int() }),
})
export type UnclassifiedBuildErrors = z.infer<typeof UnclassifiedBuildErrors>
