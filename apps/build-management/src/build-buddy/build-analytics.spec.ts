import type { BuildStep, FailureReason, Step } from '@workers-builds/contracts'
import { describe, expect, test } from 'vitest'
import observability from '../../../../docs/observability.md?raw'
import { buildDataPoints, COLUMNS } from './build-analytics.ts'
import { afterEvent, afterRunnerStatus, type Life, newLife } from './life.ts'

const build_uuid = '7e9c2f0a-4b7e-4f5e-9d8a-0c1b2a3d4e5f'
const owner = { account_id: 'a'.repeat(32), script_tag: 'b'.repeat(32), created_on: 10_000 }
const TAGS = { release: 'r1', environment: 'test' }

/** Queued at 10 s, started at 12 s, first line at 13.5 s. */
const begun: Life = {
  ...newLife({ build_id: 7, now: 12_000 }),
  build_uuid,
  owner,
  first_line_on: 13_500,
}

const step = (step: Step, started_on: number, ended_on: number | null, exit_code: number | null) =>
  ({ step, started_on, ended_on, exit_code }) satisfies BuildStep

const CLONED = [step('initializing', 13_000, 13_200, null), step('cloning', 13_200, 14_000, 0)]
const INSTALLED = [...CLONED, step('installing', 14_000, 20_000, 0)]

function ended(steps: BuildStep[], failure_reason: 'build_command_failed' | null): Life {
  return afterRunnerStatus(
    begun,
    {
      v: 1,
      seq: 3,
      status: 'stopped',
      steps,
      exit_code: null,
      line_count: 0,
      failure_reason,
      build_outcome: failure_reason === null ? 'success' : 'fail',
    },
    30_000,
  )
}

/** The data points with the names of their columns, and without what they do not say. */
function pointsOf(life: Life) {
  return buildDataPoints(life, TAGS).map(({ indexes, blobs, doubles }) => {
    expect([blobs?.length, doubles?.length]).toEqual([COLUMNS.blobs.length, COLUMNS.doubles.length])
    const named = [
      ...COLUMNS.indexes.map((name, at) => [name, indexes?.[at]] as const),
      ...COLUMNS.blobs.map((name, at) => [name, blobs?.[at]] as const),
      ...COLUMNS.doubles.map((name, at) => [name, doubles?.[at]] as const),
    ]
    return Object.fromEntries(named.filter(([, value]) => value !== '' && value !== -1))
  })
}

const { account_id, script_tag } = owner
const common = { account_id, script_tag, build_uuid, build_id: 7, ...TAGS }
const started = { ...common, event: 'started', queue_ms: 2_000, start_ms: 1_500 }
const stepped = (step: Step, duration_ms: number, exit_code?: number) => ({
  ...common,
  event: 'step',
  step,
  duration_ms,
  ...(exit_code !== undefined && { exit_code }),
})
const cloned = [stepped('initializing', 200), stepped('cloning', 800, 0)]

describe('what analytics records of a build', () => {
  test('that succeeded', () => {
    const life = ended([...INSTALLED, step('building', 20_000, 29_000, 0)], null)
    const end = { build_outcome: 'success', stopped_by: 'runner', duration_ms: 18_000 }
    expect(pointsOf(life)).toEqual([
      started,
      ...cloned,
      stepped('installing', 6_000, 0),
      stepped('building', 9_000, 0),
      { ...common, event: 'stopped', ...end, completion: 1 },
    ])
  })

  test('that ran in a container: what it used of it, from when it was asked for', () => {
    const life: Life = { ...ended(CLONED, null), instance_type: 'standard-1', asked_on: 12_000 }
    expect(pointsOf({ ...life, given_on: 12_500 }).at(-1)).toMatchObject({
      instance_type: 'standard-1',
      vcpu_seconds: 9,
      memory_gib_seconds: 72,
      disk_gb_seconds: 144,
    })
    expect(pointsOf(life).at(-1)).not.toHaveProperty('vcpu_seconds')
  })

  test('that failed for a reason of its user: complete', () => {
    const life = ended([...INSTALLED, step('building', 20_000, 29_000, 2)], 'build_command_failed')
    expect(pointsOf(life).slice(-2)).toEqual([
      stepped('building', 9_000, 2),
      {
        ...common,
        event: 'stopped',
        build_outcome: 'fail',
        duration_ms: 18_000,
        failure_reason: 'build_command_failed',
        stopped_by: 'runner',
        completion: 1,
      },
    ])
  })

  test('that failed for a reason of ours: not complete, whatever it did before', () => {
    const steps = [...INSTALLED, step('building', 20_000, null, null)]
    const life = afterEvent({ ...begun, steps }, { type: 'health_check_failed' }, 40_000)
    expect(pointsOf(life).slice(-2)).toEqual([
      stepped('building', 20_000),
      {
        ...common,
        event: 'stopped',
        build_outcome: 'terminated',
        duration_ms: 28_000,
        failure_reason: 'health_check_failed',
        stopped_by: 'control_plane',
        completion: 0,
      },
    ])
  })

  test('that was cancelled before it was known whose it is: it does not count', () => {
    const life = afterEvent(newLife({ build_id: 7, now: 12_000 }), { type: 'cancelled' }, 12_500)
    const unowned = { account_id: 'unknown', build_id: 7, ...TAGS }
    expect(pointsOf(life)).toEqual([
      { ...unowned, event: 'started' },
      {
        ...unowned,
        event: 'stopped',
        build_outcome: 'cancelled',
        stopped_by: 'control_plane',
        duration_ms: 500,
      },
    ])
  })

  test('that is under way: nothing yet', () => {
    expect(pointsOf(begun)).toEqual([])
  })

  test.each<[FailureReason, number]>([
    ['initialization_failed', 0],
    ['repo_disconnected', 0],
  ])('that never began, with %s', (failure_reason, completion) => {
    const life = afterEvent(begun, { type: 'start_failed', failure_reason }, 13_000)
    expect(pointsOf(life).at(-1)).toMatchObject({ failure_reason, completion })
  })

  test('is less than Analytics Engine takes, for any steps', () => {
    const steps: Step[] = ['initializing', 'cloning', 'installing', 'building', 'deploying']
    const points = buildDataPoints(
      ended(
        steps.map((name) => step(name, 1, 2, 0)),
        null,
      ),
      TAGS,
    )
    expect(points.length).toBeLessThanOrEqual(25)
    for (const { blobs = [], doubles = [], indexes = [] } of points) {
      expect([blobs.length <= 20, doubles.length <= 20, indexes.length]).toEqual([true, true, 1])
      expect(String(indexes[0]).length).toBeLessThanOrEqual(96)
      expect(blobs.join('').length).toBeLessThan(5_000)
    }
  })
})

test('the columns are documented as they are', () => {
  const documented = [
    ...observability.matchAll(/^\| `((?:index|blob|double)\d+)` *\| `(\w+)` *\|/gm),
  ]
  const are = (kind: string, names: readonly string[]) =>
    names.map((name, at) => [`${kind}${at + 1}`, name])
  expect(documented.map(([, column, name]) => [column, name])).toEqual([
    ...are('index', COLUMNS.indexes),
    ...are('blob', COLUMNS.blobs),
    ...are('double', COLUMNS.doubles),
  ])
})
