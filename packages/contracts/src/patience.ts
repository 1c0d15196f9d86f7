/**
 * How long build-management waits before it decides something: one value, read from the variable
 * PATIENCE (a table of wrangler.toml) and handed to whoever decides. What an operator leaves out
 * has its default here, so that one number is changed without touching code, and a test runs the
 * same rules a hundred times faster.
 */
import { z } from 'zod'
import { COMPUTE_KEEP_ALIVE_MS } from './compute.ts'

const Ms = z
  .int('expected a whole number of milliseconds')
  .min(1, 'expected at least 1 millisecond')

export const Patience = z
  .strictObject(
    {
      /**
       * How often a BuildBuddy asks the compute whether the build's container is alive. Three checks
       * fit into `missingGraceMs`; each is one request per running build.
       */
      healthCheckMs: Ms.default(5_000),
      /**
       * How long a container that is not found alive may be away before its build ends with
       * `health_check_failed`. A compute host that is restarted answers again within some seconds.
       */
      missingGraceMs: Ms.default(15_000),
      /**
       * How long a compute that gives no container is asked again before the build ends with
       * `initialization_failed`. With the pauses of the back-off that is five tries at least.
       */
      createMs: Ms.default(30_000),
      /**
       * How long a runner has, from its container on, to report for the first time. It reports as
       * soon as it runs; the rest is for a machine that pulls its image first.
       */
      firstReportMs: Ms.default(60_000),
      /**
       * A runner that leaves out this many of the heartbeats that it promised
       * (`heartbeatSeconds`) hangs or is cut off. Six are a minute: longer than a restart of the
       * Workers takes.
       */
      missedHeartbeats: z.int('expected a whole number').min(2, 'expected at least 2').default(6),
      /**
       * How often a runner is asked to call back when nothing is new; each call is one write of its
       * BuildBuddy.
       */
      heartbeatSeconds: z
        .int('expected a whole number of seconds')
        .min(1, 'expected at least 1 second')
        .default(10),
      /**
       * How long a log waits, after the runner's final status, for lines that the runner still owes,
       * before it is sealed without them: the time-out of one call-back in the runner.
       */
      lastLinesMs: Ms.default(15_000),
      /**
       * When the alarm of a BuildBuddy fires again if it dies half-way: longer than one call of the
       * compute takes (`computeCallMs`).
       */
      buddyRescueMs: Ms.default(15_000),

      /** How long the compute host may take to answer. It answers at once; the network may not. */
      computeCallMs: Ms.default(10_000),
      /** How long it may take to stop a build: it waits for the build's processes to end. */
      computeStopMs: Ms.default(30_000),

      /**
       * How long a container may take from its start until its runner has the build. The platform
       * starts a prepared image in under a second; one that it has just been given takes minutes
       * the first time, and is then asked for again.
       */
      containerStartMs: Ms.default(60_000),
      /**
       * How long a build waits, asking again, where the platform gives no container: by then other
       * builds of the account have ended, and what passes has passed.
       */
      noContainerMs: Ms.default(10 * 60_000),
      /**
       * After how long the platform ends a container whose BuildBuddy does nothing: many health
       * checks, so that a restart of the Workers ends no build, and far less than a day's price.
       */
      containerInactivityMs: Ms.default(10 * 60_000),

      /** The pause after a first failure; it doubles with each further one. */
      backOffFirstMs: Ms.default(1_000),
      /**
       * The longest pause between two tries of a BuildBuddy or of Scheduler. An outage that ends is
       * noticed within half a minute; thousands of BuildBuddies that wait do not flood Postgres.
       */
      backOffLongestMs: Ms.default(30_000),

      /** How often Scheduler's alarm fires: how long a build waits that no `wake()` announced. */
      schedulerTickMs: Ms.default(1_000),
      /** How long a BuildBuddy may take to answer Scheduler: the builds of others wait meanwhile. */
      buddyAnswerMs: Ms.default(5_000),
      /** How often Scheduler looks for logs and webhook records that were kept long enough. */
      retentionMs: Ms.default(60_000),
      /**
       * How old Scheduler's latest pass may be before its health is `failing`. Twice the longest
       * back-off, so that a database that was away for a moment is not reported.
       */
      latestPassMs: Ms.default(60_000),
      /**
       * How old the first message of BuildErrorsQueue may be before its health is `failing`. Failed
       * builds are scanned within minutes of their stop.
       */
      oldestMessageMs: Ms.default(5 * 60_000),

      /** How often the alarm of BuildErrorsAgent fires while a backfill runs. */
      backfillTickMs: Ms.default(1_000),
      /** After this long without one scan, what a backfill has sent is taken for lost and sent again. */
      backfillStandstillMs: Ms.default(60_000),
    },
    { error: ({ code }) => (code === 'invalid_type' ? 'expected a table' : undefined) },
  )
  .refine(({ healthCheckMs, missingGraceMs }) => healthCheckMs <= missingGraceMs, {
    path: ['missingGraceMs'],
    error: 'expected at least healthCheckMs: a build must not end by one check',
  })
  .refine(({ healthCheckMs, containerInactivityMs }) => healthCheckMs < containerInactivityMs, {
    path: ['containerInactivityMs'],
    error: 'expected more than healthCheckMs: the checks keep a container',
  })
  .refine(({ healthCheckMs }) => healthCheckMs < COMPUTE_KEEP_ALIVE_MS, {
    path: ['healthCheckMs'],
    error: `expected less than ${COMPUTE_KEEP_ALIVE_MS}: the compute host closes connections that nobody used for so long`,
  })
export type Patience = z.infer<typeof Patience>

/** What applies where PATIENCE says nothing. */
export const DEFAULT_PATIENCE: Patience = Patience.parse({})

/** The patience that `env` configures. Throws what is wrong: variable, value, and what is right. */
export function readPatience({ PATIENCE = {} }: { PATIENCE?: unknown }): Patience {
  const parsed = Patience.safeParse(PATIENCE)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const known = Object.keys(DEFAULT_PATIENCE).join(', ')
      return `PATIENCE.${issue.keys.join(', PATIENCE.')} is not known; known are ${known}`
    }
    const name = ['PATIENCE', ...issue.path].join('.')
    const [key] = issue.path
    const value = key === undefined ? PATIENCE : (PATIENCE as Record<PropertyKey, unknown>)[key]
    return `${name} is ${JSON.stringify(value)}: ${issue.message}`
  })
  throw new Error(`The variable PATIENCE is wrong. ${problems.join('. ')}`)
}
