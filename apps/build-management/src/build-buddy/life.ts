/** What a BuildBuddy remembers of its build, and how events change it. Pure. */
import {
  type BuildEvent,
  BuildState,
  BuildStep,
  type BuildUsage,
  BuildUuid,
  BuildWarnings,
  type ComputeBuild,
  Deployment,
  InstanceType,
  type RunnerStatusUpdate,
  transition,
  usageOf,
} from '@workers-builds/contracts'
import { z } from 'zod'

/** Work outside of BuildBuddy's own storage, which may fail and is then tried again. */
export const Chore = z.enum(['sync', 'create', 'check', 'stop', 'queue'])
export type Chore = z.infer<typeof Chore>

/** What the control plane says once in the log while it starts a build. */
export const Described = z.enum(['machine', 'waiting'])
export type Described = z.infer<typeof Described>

const Ms = z.int().nonnegative()

const Owner = z.object({
  account_id: z.string(),
  script_tag: z.string(),
  /** When the build was queued. */
  created_on: Ms,
})

export const Life = z.object({
  v: z.literal(1),
  build_id: z.int(),
  /** Known before the container is asked for. */
  build_uuid: BuildUuid.nullable(),
  state: BuildState,
  /** Who stopped it: a runner may repeat its final status, and still owes the end of its log. */
  stopped_by: z.enum(['runner', 'control_plane']).nullable(),
  stopped_on: Ms.nullable(),
  started_on: Ms,
  deadline_on: Ms,
  /**
   * `wanted`: not asked for yet; `asked`: may be there or not; `given`: was created; `gone`:
   * nothing of it is left.
   */
  container: z.enum(['wanted', 'asked', 'given', 'gone']),
  /** When the container that it has was asked for. */
  asked_on: Ms.nullable().default(null),
  given_on: Ms.nullable(),
  /** The size of the container; null where builds have none of their own. */
  instance_type: InstanceType.nullable().default(null),
  checked_on: Ms.nullable(),
  /** Since when the container has not been found alive. */
  missing_since: Ms.nullable(),
  /** Since when the compute has not been able to give a container. */
  refused_since: Ms.nullable().default(null),
  /** When the runner last called back, to half a heartbeat. */
  heard_on: Ms.nullable().default(null),
  /** How often the runner promised to call back; null when it promised nothing. */
  heartbeat_ms: Ms.nullable().default(null),
  /** `seq` of the runner's newest status; -1 before the first. */
  status_seq: z.int().min(-1),
  steps: z.array(BuildStep),
  /** What the build uploaded to Cloudflare. */
  deployment: Deployment.nullable().default(null),
  /** What the runner warned of. */
  warnings: BuildWarnings.default([]),
  /** How many lines the runner says it has written. */
  line_count: z.int().nonnegative().nullable(),
  sealed: z.boolean(),
  /** Whether Postgres has this state and these steps. */
  status_synced: z.boolean(),
  /** Whether BuildErrorsQueue has its message. */
  detection_queued: z.boolean(),
  /** Of whom the build is; null until Postgres was asked. */
  owner: Owner.nullable().default(null),
  /** When the first line of the runner's was stored. */
  first_line_on: Ms.nullable().default(null),
  /** What the log says already of the start. */
  described: z.array(Described).default([]),
  /** Whether the whole life is written to analytics. */
  analyzed: z.boolean().default(false),
  /** Whether everything is to be forgotten once nothing is left to do. */
  erasing: z.boolean().default(false),
  /** Chores that failed: how often in a row, and when to try again. */
  retries: z.partialRecord(Chore, z.object({ failures: z.int(), not_before: Ms })),
})
export type Life = z.infer<typeof Life>

/** The heartbeat of a runner that promised none. */
const UNPROMISED_HEARTBEAT_MS = 10_000

/** Until the account's own limit is known. */
const DEFAULT_TIMEOUT_MS = 20 * 60 * 1_000

export function newLife({ build_id, now }: { build_id: number; now: number }): Life {
  return {
    v: 1,
    build_id,
    build_uuid: null,
    state: transition(
      { status: 'queued', build_outcome: null, failure_reason: null },
      { type: 'started' },
    ),
    stopped_by: null,
    stopped_on: null,
    started_on: now,
    deadline_on: now + DEFAULT_TIMEOUT_MS,
    container: 'wanted',
    asked_on: null,
    given_on: null,
    instance_type: null,
    checked_on: null,
    missing_since: null,
    refused_since: null,
    heard_on: null,
    heartbeat_ms: null,
    status_seq: -1,
    steps: [],
    deployment: null,
    warnings: [],
    line_count: null,
    sealed: false,
    status_synced: false,
    detection_queued: false,
    owner: null,
    first_line_on: null,
    described: [],
    analyzed: false,
    erasing: false,
    retries: {},
  }
}

/** The life after something that the control plane saw or decided. */
export function afterEvent(life: Life, event: BuildEvent, now: number): Life {
  const state = transition(life.state, event)
  if (state === life.state) return life
  const stopped = state.status === 'stopped'
  return {
    ...life,
    state,
    status_synced: false,
    ...(stopped && {
      stopped_by: 'control_plane',
      stopped_on: now,
      // Nobody else will say when the step that was under way ended.
      steps: life.steps.map((step) => ({ ...step, ended_on: step.ended_on ?? now })),
    }),
  }
}

/** The life after the container was looked at. */
export function afterCheck(
  life: Life,
  health: ComputeBuild['state'] | 'unreachable',
  now: number,
): Life {
  const checked = { ...life, checked_on: now }
  if (health === 'running') return { ...checked, missing_since: null }
  // The host lost it, by a restart say, before anything of the build ran: it may be asked again.
  const neverRan = health === 'unknown' && life.status_seq < 0 && life.container === 'given'
  if (neverRan) return { ...checked, container: 'wanted', given_on: null, missing_since: null }
  return { ...checked, missing_since: life.missing_since ?? now }
}

/** What a build that has stopped used of its container; null where it had none of its own. */
export function usageOfLife({
  instance_type,
  asked_on,
  given_on,
  stopped_on,
}: Life): BuildUsage | null {
  if (instance_type === null || asked_on === null || given_on === null) return null
  return stopped_on === null ? null : usageOf(instance_type, Math.max(0, stopped_on - asked_on))
}

/** The life after the compute was asked for a container, and gave one or did not. */
export function afterCreate(life: Life, given: boolean, now: number): Life {
  if (!given) return { ...life, refused_since: life.refused_since ?? now }
  return { ...life, container: 'given', given_on: now, checked_on: now, refused_since: null }
}

/**
 * The life after a call-back of the runner, whatever it contained; the same one when the runner was
 * heard less than half a heartbeat ago, so that a chatty one does not make a write of every call.
 */
export function afterHearing(life: Life, now: number): Life {
  const step_ms = (life.heartbeat_ms ?? UNPROMISED_HEARTBEAT_MS) / 2
  return (life.heard_on ?? 0) + step_ms > now ? life : { ...life, heard_on: now }
}

/** The life after a state that Postgres had already: the build was stopped there. */
export function afterAdopting(life: Life, state: BuildState, now: number): Life {
  if (life.state.status === 'stopped' || state.status !== 'stopped') return life
  return { ...life, state, status_synced: true, stopped_by: 'control_plane', stopped_on: now }
}

/** The life after the runner's status; the same one when it is out of date. */
export function afterRunnerStatus(life: Life, update: RunnerStatusUpdate, now: number): Life {
  if (life.state.status === 'stopped' || update.seq <= life.status_seq) return life
  const state = transition(life.state, runnerEvent(update))
  const stopped = update.status === 'stopped'
  return {
    ...life,
    state,
    steps: update.steps,
    status_seq: update.seq,
    status_synced: false,
    missing_since: null,
    heard_on: now,
    // Whoever reports was created, though the compute's answer was lost or is late.
    ...(life.container === 'asked' && {
      container: 'given' as const,
      given_on: now,
      checked_on: now,
      refused_since: null,
    }),
    ...(stopped
      ? {
          stopped_by: 'runner',
          stopped_on: now,
          line_count: update.line_count,
          deployment: update.deployment ?? null,
          warnings: update.warnings ?? [],
        }
      : { heartbeat_ms: (update.heartbeat_seconds ?? 0) * 1_000 || null }),
  }
}

function runnerEvent(update: RunnerStatusUpdate): BuildEvent {
  if (update.status === 'running') return { type: 'runner_running' }
  if (update.failure_reason === null) return { type: 'runner_succeeded' }
  return { type: 'runner_failed', failure_reason: update.failure_reason }
}
