import { DEFAULT_PATIENCE, type Patience, type RunnerStatusUpdate } from '@workers-builds/contracts'
import { describe, expect, test } from 'vitest'
import * as rules from './decide.ts'
import {
  afterAdopting,
  afterCheck,
  afterCreate,
  afterEvent,
  afterHearing,
  afterRunnerStatus,
  type Life,
  newLife,
} from './life.ts'

/** The rules with the default patience, but for what `patience` gives. */
const decide = (life: Life, moment: rules.Moment, patience: Partial<Patience> = {}) =>
  rules.decide(life, moment, { ...DEFAULT_PATIENCE, ...patience })
const afterChore = (life: Life, attempt: rules.Try) =>
  rules.afterChore(life, attempt, DEFAULT_PATIENCE)

const fresh = newLife({ build_id: 1, now: 0 })
const given: Life = {
  ...fresh,
  build_uuid: '00000000-0000-4000-8000-000000000000',
  status_synced: true,
  container: 'given',
  given_on: 0,
  checked_on: 0,
}
const running = (seq: number, heartbeat_seconds?: number): RunnerStatusUpdate => ({
  v: 1,
  seq,
  status: 'running',
  steps: [],
  heartbeat_seconds,
})
const final = (seq: number, line_count: number): RunnerStatusUpdate => ({
  v: 1,
  seq,
  status: 'stopped',
  steps: [],
  build_outcome: 'fail',
  failure_reason: 'build_command_failed',
  exit_code: 1,
  line_count,
})
const reported = afterRunnerStatus(given, running(0), 10)
const at = (now: number, runner_lines = 0, awake_since = 0) => ({ now, runner_lines, awake_since })

describe('a build that starts', () => {
  test('is written to Postgres before it gets a container', () => {
    expect(decide(fresh, at(0))).toEqual({ do: 'sync' })
    expect(decide({ ...fresh, status_synced: true }, at(0))).toEqual({ do: 'create' })
  })

  test('waits longer after each failure, and meanwhile serves its deadlines', () => {
    let life = fresh
    const pauses = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]
    for (const pause of pauses) {
      const failure = { chore: 'sync', failed: true, now: 0 } as const
      const early = afterChore(life, { ...failure, random: 1 })
      expect(decide(early, at(0))).toEqual({ do: 'wait', until: pause / 2 })
      life = afterChore(life, { ...failure, random: 0 })
      expect(decide(life, at(0))).toEqual({ do: 'wait', until: pause })
    }
    expect(decide(life, at(life.deadline_on))).toEqual({
      do: 'apply',
      event: { type: 'timed_out' },
    })
  })

  test.each([
    [
      'no container can be had',
      30_000,
      afterCreate({ ...given, container: 'asked', given_on: null }, false, 0),
    ],
    ['its runner never reports', 60_000, given],
    ['its container is gone before the runner reports', 15_000, { ...given, missing_since: 0 }],
  ])('fails to initialise when %s', (_, ms, life) => {
    expect(decide(life, at(ms - 1)).do).not.toBe('apply')
    expect(decide(life, at(ms))).toEqual({
      do: 'apply',
      event: { type: 'start_failed', failure_reason: 'initialization_failed' },
    })
  })
})

test('a build waits for Postgres as long as it takes, and for a compute only so long', () => {
  const asked: Life = { ...given, container: 'asked', given_on: null }
  const failing = afterChore(asked, { chore: 'create', failed: true, now: 0, random: 0 })
  expect(decide(failing, at(10 * 30_000)).do).toBe('create')
  const refused = afterCreate(afterCreate(failing, false, 1_000), false, 5_000)
  expect(decide(refused, at(1_000 + 30_000))).toMatchObject({ do: 'apply' })
  expect(afterCreate(refused, true, 9_000)).toMatchObject({
    container: 'given',
    refused_since: null,
  })
})

test('a build whose runner reports has its container, though the compute never confirmed it', () => {
  const asked = afterCreate({ ...fresh, container: 'asked' }, false, 1_000)
  const reporting = { ...afterRunnerStatus(asked, running(0), 2_000), status_synced: true }
  expect(reporting).toMatchObject({ container: 'given', given_on: 2_000, refused_since: null })
  const late = afterCreate(reporting, false, 3_000)
  const after = 1_000 + 30_000
  expect(decide({ ...late, checked_on: after }, at(after))).toMatchObject({ do: 'wait' })
})

describe('a build whose container the host does not know any more', () => {
  test('is given another one if nothing of it ran', () => {
    const lost = afterCheck({ ...given, missing_since: 5 }, 'unknown', 10)
    expect(decide(lost, at(10))).toEqual({ do: 'create' })
  })

  test('is not, once its runner has reported, or when the container ended by itself', () => {
    for (const life of [
      afterCheck({ ...reported, status_synced: true }, 'unknown', 10),
      afterCheck(given, 'exited', 10),
      afterCheck(given, 'unreachable', 10),
    ]) {
      expect(life).toMatchObject({ container: 'given', missing_since: 10 })
    }
  })
})

describe('a build that runs', () => {
  test('is ended at its deadline', () => {
    expect(decide(reported, at(reported.deadline_on))).toEqual({
      do: 'apply',
      event: { type: 'timed_out' },
    })
  })

  test('is ended when its container stays away, not when it comes back', () => {
    const missing = { ...reported, status_synced: true, missing_since: 1_000 }
    expect(decide(missing, at(1_000 + 15_000))).toEqual({
      do: 'apply',
      event: { type: 'health_check_failed' },
    })
    const back = afterRunnerStatus(missing, running(1), 5_000)
    expect(decide(back, at(1_000 + 15_000)).do).not.toBe('apply')
  })

  test('is ended when its runner leaves out the heartbeats that it promised', () => {
    const beating = afterRunnerStatus(given, running(0, 10), 1_000)
    const checked = { ...beating, status_synced: true, checked_on: 1_000 + 60_000 }
    expect(decide(checked, at(1_000 + 6 * 10_000 - 1)).do).toBe('wait')
    expect(decide(checked, at(1_000 + 6 * 10_000))).toEqual({
      do: 'apply',
      event: { type: 'health_check_failed' },
    })
    const heard = afterHearing(checked, 50_000)
    expect(decide(heard, at(50_000 + 6 * 10_000 - 1)).do).not.toBe('apply')
    expect(afterHearing(heard, 50_001)).toBe(heard)
  })

  test('may be silent when its runner has promised no heartbeat', () => {
    const silent = { ...reported, status_synced: true }
    expect(decide(silent, at(silent.deadline_on - 1)).do).not.toBe('apply')
  })

  test('is not ended for what its BuildBuddy could not hear, but is by its deadline', () => {
    const beating = afterRunnerStatus(given, running(0, 10), 0)
    const lives = [beating, { ...beating, missing_since: 0 }, given, { ...given, missing_since: 0 }]
    for (const life of lives) {
      const awake_since = 500_000
      expect(decide(life, at(awake_since + 15_000 - 1, 0, awake_since)).do).not.toBe('apply')
      expect(decide(life, at(life.deadline_on, 0, life.deadline_on)).do).toBe('apply')
    }
  })

  test('has no step under way when the control plane has ended it', () => {
    const steps = [{ step: 'building' as const, started_on: 5, ended_on: null, exit_code: null }]
    const ended = afterEvent({ ...reported, steps }, { type: 'timed_out' }, 99)
    expect(ended.steps).toEqual([{ ...steps[0], ended_on: 99 }])
  })

  test('ignores statuses that come late or twice', () => {
    const newer = afterRunnerStatus(reported, running(5), 20)
    expect(afterRunnerStatus(newer, running(5), 30)).toBe(newer)
    expect(afterRunnerStatus(newer, final(4, 0), 30)).toBe(newer)
  })
})

describe('a build that stopped', () => {
  const stopped = afterRunnerStatus(reported, final(1, 10), 1_000)

  test('is sealed when it has all its lines, or when they were waited for long enough', () => {
    expect(decide(stopped, at(1_000, 10))).toEqual({ do: 'seal' })
    expect(decide({ ...stopped, status_synced: true }, at(1_000, 9)).do).not.toBe('seal')
    expect(decide(stopped, at(1_000 + 15_000, 9))).toEqual({ do: 'seal' })
  })

  test('is written to analytics, then to Postgres, then queued, its container stopped, and rests', () => {
    let life: Life = { ...stopped, sealed: true }
    expect(decide(life, at(1_000))).toEqual({ do: 'analyze' })
    life = { ...life, analyzed: true }
    expect(decide(life, at(1_000))).toEqual({ do: 'sync' })
    life = { ...life, status_synced: true }
    expect(decide(life, at(1_000))).toEqual({ do: 'queue' })
    life = { ...life, detection_queued: true }
    expect(decide(life, at(1_000))).toEqual({ do: 'stop' })
    life = { ...life, container: 'gone' }
    expect(decide(life, at(1_000))).toEqual({ do: 'rest' })
  })

  test('is not written to analytics when it is to be erased', () => {
    const life: Life = { ...stopped, sealed: true, erasing: true, status_synced: true }
    expect(decide(life, at(1_000)).do).not.toBe('analyze')
  })

  test('has its container stopped even while Postgres is away', () => {
    const life = afterChore(
      { ...stopped, sealed: true, analyzed: true },
      { chore: 'sync', failed: true, now: 1_000, random: 0 },
    )
    expect(decide(life, at(1_001))).toEqual({ do: 'stop' })
  })

  test('is not queued for detection unless it failed', () => {
    const cancelled = afterEvent(reported, { type: 'cancelled' }, 50)
    const sealed = { ...cancelled, sealed: true, analyzed: true }
    const life = { ...sealed, status_synced: true, container: 'gone' as const }
    expect(decide(life, at(60))).toEqual({ do: 'rest' })
  })

  test('leaves no terminal status, whatever comes after', () => {
    expect(afterRunnerStatus(stopped, running(9), 2_000)).toBe(stopped)
    expect(afterEvent(stopped, { type: 'timed_out' }, 2_000)).toBe(stopped)
    const other = { status: 'stopped', build_outcome: 'cancelled', failure_reason: null } as const
    expect(afterAdopting(stopped, other, 2_000)).toBe(stopped)
  })

  test('in Postgres by another hand takes that over', () => {
    const other = { status: 'stopped', build_outcome: 'cancelled', failure_reason: null } as const
    const adopted = afterAdopting({ ...fresh, status_synced: true }, other, 5)
    expect(adopted.state).toEqual(other)
    expect(decide({ ...adopted, sealed: true, analyzed: true }, at(5))).toEqual({ do: 'rest' })
  })
})

describe('patience', () => {
  const asked: Life = { ...given, container: 'asked', given_on: null }
  const owing = afterRunnerStatus(reported, final(1, 10), 0)
  const checked: Life = { ...reported, status_synced: true, checked_on: 0 }
  const beating: Life = { ...afterRunnerStatus(given, running(0, 10), 0), status_synced: true }

  test.each<[keyof Patience, number, Life, rules.Decision['do']]>([
    ['healthCheckMs', 5_000, checked, 'check'],
    ['missingGraceMs', 15_000, { ...checked, missing_since: 0 }, 'apply'],
    ['createMs', 30_000, afterCreate(asked, false, 0), 'apply'],
    ['firstReportMs', 60_000, given, 'apply'],
    ['missedHeartbeats', 60_000, beating, 'apply'],
    ['lastLinesMs', 15_000, owing, 'seal'],
  ])('%s is %i ms by default, and otherwise what is configured', (key, ms, life, what) => {
    const atRest = (now: number): Life => ({
      ...life,
      checked_on: key === 'healthCheckMs' ? 0 : now,
    })
    const decides = (now: number, patience?: Partial<Patience>) =>
      decide(atRest(now), at(now), patience).do
    expect(decides(ms - 1)).not.toBe(what)
    expect(decides(ms)).toBe(what)
    const third = { [key]: DEFAULT_PATIENCE[key] / 3 }
    expect(decides(Math.ceil(ms / 3) - 1, third)).not.toBe(what)
    expect(decides(Math.ceil(ms / 3), third)).toBe(what)
  })
})
