/** The messages between the control plane and the runner in the build container. */
import { z } from 'zod'
import { CacheKey } from './build-cache.ts'
import { RunnerFailureReason } from './failure-reasons.ts'
import { BuildUuid, CommitHash } from './ids.ts'
import { InstanceType } from './instances.ts'
import { LogLine, MAX_FLUSH_LINES, Step } from './log.ts'
import { BuildNetwork } from './triggers.ts'

/** One step that the runner took; `ended_on` and `exit_code` are null while it runs. */
export const BuildStep = z.object({
  step: Step,
  /** ms since the epoch */
  started_on: z.int().nonnegative(),
  ended_on: z.int().nonnegative().nullable(),
  exit_code: z.int().nullable(),
})
export type BuildStep = z.infer<typeof BuildStep>

/** What a build uploaded to Cloudflare, as wrangler reports it. */
export const Deployment = z.object({
  version_id: z.uuid().nullable(),
  /** Where that version can be seen. */
  preview_url: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .nullable(),
})
export type Deployment = z.infer<typeof Deployment>

/** Most warnings of a build, and the longest. */
export const MAX_WARNINGS = 20
export const MAX_WARNING_LENGTH = 1_000

/** What is worth a look in a build although it may have succeeded, as its log has it; masked. */
export const BuildWarnings = z.array(z.string().max(MAX_WARNING_LENGTH)).max(MAX_WARNINGS)
export type BuildWarnings = z.infer<typeof BuildWarnings>

/**
 * `POST /api/builds/:build_uuid/status`: the whole of what the runner knows, so that a repeated or
 * late update does no harm. `seq` grows with every update; one with a lower `seq` is out of date.
 */
export const RunnerStatusUpdate = z.discriminatedUnion('status', [
  z.object({
    v: z.literal(1),
    seq: z.int().nonnegative(),
    status: z.literal('running'),
    steps: z.array(BuildStep).max(Step.options.length),
    /**
     * The runner repeats its status at least this often, with the same `seq` when nothing is new: it
     * lives, whatever its command does. Older runners leave it out, and promise nothing.
     */
    heartbeat_seconds: z.int().positive().optional(),
  }),
  z
    .object({
      v: z.literal(1),
      seq: z.int().nonnegative(),
      status: z.literal('stopped'),
      steps: z.array(BuildStep).max(Step.options.length),
      build_outcome: z.enum(['success', 'fail']),
      failure_reason: RunnerFailureReason.nullable(),
      /** Exit code of the command that failed; null when no command did. */
      exit_code: z.int().nullable(),
      /** How many lines the runner has written in all: the log is sealed when it has them. */
      line_count: z.int().nonnegative(),
      /** Left out by older runners. */
      deployment: Deployment.nullable().optional(),
      /** Left out by older runners. */
      warnings: BuildWarnings.optional(),
    })
    .refine(
      (update) => (update.build_outcome === 'fail') === (update.failure_reason !== null),
      'failure_reason is given exactly when build_outcome is fail',
    ),
])
export type RunnerStatusUpdate = z.infer<typeof RunnerStatusUpdate>

/** Answer to a status update. */
export const RunnerStatusAnswer = z.object({ v: z.literal(1) })
export type RunnerStatusAnswer = z.infer<typeof RunnerStatusAnswer>

/**
 * `POST /api/builds/:build_uuid/logs`: lines `first_line` and following, counted by the runner
 * from 0. Sent twice they are stored once; a gap is refused with 409 `log_gap`, and lines after
 * the log was sealed with 409 `log_closed`.
 */
export const RunnerLogFlush = z.object({
  v: z.literal(1),
  first_line: z.int().nonnegative(),
  lines: z.array(LogLine).min(1).max(MAX_FLUSH_LINES),
})
export type RunnerLogFlush = z.infer<typeof RunnerLogFlush>

/** Answer to a flush: the first line that is not stored yet. */
export const RunnerLogAnswer = z.object({
  v: z.literal(1),
  next_runner_line: z.int().nonnegative(),
})
export type RunnerLogAnswer = z.infer<typeof RunnerLogAnswer>

/**
 * Why a call-back is refused for good. The runner stops at `build_stopped` and `log_closed`, and
 * at `log_gap` goes on from `next_runner_line`.
 */
export const Refusal = z.enum(['log_gap', 'log_closed', 'build_stopped'])
export type Refusal = z.infer<typeof Refusal>

/** Answer to a call-back that is refused. Anything else (5xx, no answer) the runner tries again. */
export const RunnerRefusal = z.object({
  errors: z.tuple([z.object({ code: z.number(), message: z.string() })]).rest(z.unknown()),
  result: z
    .object({
      refusal: Refusal,
      next_runner_line: z.int().nonnegative().optional(),
    })
    .nullable(),
})
export type RunnerRefusal = z.infer<typeof RunnerRefusal>

/**
 * All that a runner is given, over a pipe and never through its environment: it holds the build's
 * secrets. The pipe stays open; when it closes, the host has died and the runner ends.
 */
export const BuildSpec = z.object({
  v: z.literal(1),
  build_uuid: BuildUuid,
  callback: z.object({
    /** Call-backs go to `${base_url}/api/builds/:build_uuid/{status,logs}`. */
    base_url: z.url(),
    token: z.string(),
  }),
  /** The build must have ended by then: ms since the epoch. */
  deadline_on: z.int(),
  /** How often the runner repeats its status: a sign that it lives, whatever its command does. */
  heartbeat_seconds: z.int().positive().default(10),
  repository: z.object({
    clone_url: z.string(),
    branch: z.string(),
    commit_hash: CommitHash,
    /** For HTTP basic authentication, while cloning only. */
    credentials: z.object({ username: z.string(), password: z.string() }).nullable(),
    /** How many commits to fetch; 0 is the whole history, with its tags. */
    depth: z.int().nonnegative().default(1),
    submodules: z.boolean().default(true),
  }),
  /** The Worker that the repository is connected to; null from older control planes. */
  worker: z.object({ script_name: z.string(), script_tag: z.string() }).nullable().default(null),
  /** '' means that there is nothing to build. */
  build_command: z.string(),
  deploy_command: z.string(),
  /** What the build command reaches. */
  network: BuildNetwork.default('full'),
  /** Relative to the repository's root; '/' or '' is the root itself. */
  root_directory: z.string(),
  /** The size of the container that it runs in; null where builds run on a host. */
  instance_type: InstanceType.nullable().default(null),
  /** Where the caches of earlier builds are; null when the trigger caches nothing. */
  cache: z.object({ key: CacheKey }).nullable().default(null),
  environment_variables: z.record(
    z.string(),
    z.object({ value: z.string(), is_secret: z.boolean() }),
  ),
})
export type BuildSpec = z.infer<typeof BuildSpec>
