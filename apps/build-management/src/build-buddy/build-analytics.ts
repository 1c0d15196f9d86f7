/**
 * The whole life of a build as data points for Analytics Engine, written once it is over: one
 * `started`, one `step` for each step the runner took, one `stopped`; seven at most, of the 25 that
 * an invocation may write. docs/observability.md explains the columns, and asks them. Pure.
 */
import { isCompleteBuild } from '@workers-builds/contracts'
import { type Life, usageOfLife } from './life.ts'

/** Which column holds what. Stored rows keep their columns: add at the end, and take none away. */
export const COLUMNS = {
  indexes: ['account_id'],
  blobs: [
    'event',
    'build_uuid',
    'script_tag',
    'release',
    'environment',
    'step',
    'build_outcome',
    'failure_reason',
    'stopped_by',
    'instance_type',
  ],
  doubles: [
    'build_id',
    'queue_ms',
    'start_ms',
    'duration_ms',
    'exit_code',
    'completion',
    'vcpu_seconds',
    'memory_gib_seconds',
    'disk_gb_seconds',
  ],
} as const

/** A double that an event does not have, or that nobody knows: none of ours is below zero. */
export const NONE = -1
/** The index of a build that ended before Postgres was asked whose it is. */
const NO_ACCOUNT = 'unknown'

type Blob = (typeof COLUMNS.blobs)[number]
type Double = (typeof COLUMNS.doubles)[number]
type Columns = { [name in Blob]?: string | null | undefined } & {
  [name in Double]?: number | null
}

/** The data points of a build that has stopped; none of one that has not. */
export function buildDataPoints(
  life: Life,
  { release, environment }: { release: string; environment: string },
): AnalyticsEngineDataPoint[] {
  const { state, steps, owner, build_id, build_uuid } = life
  if (state.status !== 'stopped') return []
  const { build_outcome, failure_reason } = state
  const usage = usageOfLife(life)
  const complete = isCompleteBuild({
    build_outcome,
    failure_reason,
    steps: steps.map(({ step }) => step),
  })
  const common = { build_uuid, build_id, script_tag: owner?.script_tag, release, environment }
  const point = (columns: Columns): AnalyticsEngineDataPoint => {
    const all: Columns = { ...common, ...columns }
    return {
      indexes: [owner?.account_id ?? NO_ACCOUNT],
      blobs: COLUMNS.blobs.map((name) => all[name] ?? ''),
      doubles: COLUMNS.doubles.map((name) => all[name] ?? NONE),
    }
  }
  return [
    point({
      event: 'started',
      queue_ms: between(owner?.created_on, life.started_on),
      start_ms: between(life.started_on, life.first_line_on),
    }),
    ...steps.map(({ step, started_on, ended_on, exit_code }) =>
      point({ event: 'step', step, duration_ms: between(started_on, ended_on), exit_code }),
    ),
    point({
      event: 'stopped',
      build_outcome,
      failure_reason,
      stopped_by: life.stopped_by,
      duration_ms: between(life.started_on, life.stopped_on),
      completion: complete === null ? null : Number(complete),
      instance_type: usage?.instance_type ?? null,
      vcpu_seconds: usage?.vcpu_seconds ?? null,
      memory_gib_seconds: usage?.memory_gib_seconds ?? null,
      disk_gb_seconds: usage?.disk_gb_seconds ?? null,
    }),
  ]
}

/** Clocks of two machines may differ: what came after never took less than nothing. */
function between(from: number | null | undefined, to: number | null): number | null {
  return from === null || from === undefined || to === null ? null : Math.max(0, to - from)
}
