import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { LogLine, RunnerStatusUpdate } from '@workers-builds/contracts'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { getBuildBuddy } from '../stubs.ts'
import { useBuildManagement } from '../testing/build-management-harness.ts'
import type { BuildBuddy } from './build-buddy.ts'
import { Life } from './life.ts'

const h = useBuildManagement()

type Buddy = DurableObjectStub<BuildBuddy>

const line = (n: number): LogLine => [n, 'building', `line ${n}`]
const OWN_LINE: LogLine = [9, 'building', 'the quills are sharp']
const running = (seq: number, heartbeat_seconds?: number): RunnerStatusUpdate => ({
  v: 1,
  seq,
  status: 'running',
  heartbeat_seconds,
  steps: [{ step: 'cloning', started_on: 1, ended_on: null, exit_code: null }],
})
const stopped = (seq: number, line_count: number, exit_code: number) => ({
  v: 1 as const,
  seq,
  status: 'stopped' as const,
  steps: [{ step: 'cloning' as const, started_on: 1, ended_on: 2, exit_code }],
  line_count,
})
const succeeded = (seq: number, line_count: number): RunnerStatusUpdate => ({
  ...stopped(seq, line_count, 0),
  build_outcome: 'success',
  failure_reason: null,
  exit_code: null,
})
const failed = (seq: number, line_count: number): RunnerStatusUpdate => ({
  ...stopped(seq, line_count, 128),
  build_outcome: 'fail',
  failure_reason: 'clone_failed',
  exit_code: 128,
})

const lifeOf = (buddy: Buddy) =>
  runInDurableObject(buddy, (_, state) => Life.parse(state.storage.kv.get('life')))

const setLife = (buddy: Buddy, change: (life: Life) => Life) =>
  runInDurableObject(buddy, (_, state) => {
    state.storage.kv.put('life', change(Life.parse(state.storage.kv.get('life'))))
  })

/** As if the container had been created: there is no compute in this suite. */
const giveContainer = (buddy: Buddy) =>
  setLife(buddy, (life) => ({ ...life, container: 'gone', status_synced: true }))

async function messagesOf(buddy: Buddy) {
  const { lines } = await buddy.getLogs({})
  return lines.map(([, , message]) => message)
}

test('startBuild only stores and sets the alarm; the alarm writes to Postgres', async () => {
  const build = await h.createStartedBuild()
  expect((await h.selectBuild(build))?.status).toBe('queued')
  await build.buddy.startBuild(build)
  await runDurableObjectAlarm(build.buddy)
  expect((await h.selectBuild(build))?.status).toBe('initializing')
})

test('a build that was claimed just now gets its container and is written to Postgres before any alarm', async () => {
  const { build_id, buddy, ...build } = await h.createStartedBuild()
  const [claimed] = await h.store.builds.prepareStart([build_id])
  await buddy.startBuild({ build_id, build: claimed })
  await vi.waitFor(async () => {
    expect(await h.selectBuild({ build_id })).toMatchObject({ status: 'initializing' })
    // There is no compute in this suite.
    const { build_uuid, container, retries } = await lifeOf(buddy)
    expect({ build_uuid, container }).toEqual({ build_uuid: build.build_uuid, container: 'asked' })
    expect(retries.create).toBeDefined()
  }, 30_000)
})

test('a build that was stopped after it was claimed ends as it was, and its container is ended', async () => {
  const { build_id, buddy } = await h.createStartedBuild()
  const [claimed] = await h.store.builds.prepareStart([build_id])
  await h.sql`
    update builds set status = 'stopped', build_outcome = 'cancelled', stopped_on = now()
    where build_id = ${build_id}`
  await buddy.startBuild({ build_id, build: claimed })
  await vi.waitFor(async () => {
    const { state, container, retries } = await lifeOf(buddy)
    expect(state).toMatchObject({ status: 'stopped', build_outcome: 'cancelled' })
    // Stopping it is tried until there is a compute.
    expect(container === 'asked' ? retries.stop : container).toBeTruthy()
  }, 30_000)
  expect(await h.selectBuild({ build_id })).toMatchObject({ build_outcome: 'cancelled' })
})

test('looking at a build that was never started writes nothing', async () => {
  const buddy = getBuildBuddy(env, 4_711)
  expect(await buddy.getLogs({})).toMatchObject({
    lines: [],
    cursor: { line: 0 },
    complete: false,
  })
  const stored = await runInDurableObject(buddy, (_, { storage }) => ({
    keys: [...storage.kv.list()].length,
    tables: storage.sql.exec("select name from sqlite_master where name like 'log_%'").toArray()
      .length,
  }))
  expect(stored).toEqual({ keys: 0, tables: 0 })
})

describe('a build that its runner ends', () => {
  test('is sealed, written to Postgres with its steps, and queued for detection', async () => {
    const build = await h.createStartedBuild()
    await giveContainer(build.buddy)
    await build.buddy.handleStatusUpdate(running(0))
    await build.buddy.addLogLines({ v: 1, first_line: 0, lines: [line(0), line(1)] })
    await build.buddy.handleStatusUpdate(failed(1, 2))
    await runDurableObjectAlarm(build.buddy)
    expect(await h.selectBuild(build)).toMatchObject({
      status: 'stopped',
      build_outcome: 'fail',
      failure_reason: 'clone_failed',
    })
    const steps = await h.sql`select step, exit_code from build_steps`
    expect([...steps]).toEqual([{ step: 'cloning', exit_code: 128 }])
    expect(await lifeOf(build.buddy)).toMatchObject({ sealed: true, detection_queued: true })
    expect(await build.buddy.getLogs({})).toEqual({
      lines: [line(0), line(1)],
      complete: true,
      more: false,
    })
  })

  test('is recorded in analytics once, when its log is sealed', async () => {
    const build = await h.createStartedBuild()
    await giveContainer(build.buddy)
    const points: AnalyticsEngineDataPoint[] = []
    const analyze = () =>
      runInDurableObject(build.buddy, async (buddy) => {
        const dataset = { writeDataPoint: (point = {}) => void points.push(point) }
        Object.assign(buddy, { env: { ...env, BUILD_ANALYTICS: dataset } })
        await buddy.alarm()
      })
    await build.buddy.handleStatusUpdate(running(0))
    await build.buddy.addLogLines({ v: 1, first_line: 0, lines: [line(0)] })
    const { first_line_on } = await lifeOf(build.buddy)
    expect(first_line_on).not.toBeNull()
    await build.buddy.handleStatusUpdate(failed(1, 2))
    await analyze()
    expect(points).toEqual([])
    await build.buddy.addLogLines({ v: 1, first_line: 1, lines: [line(1)] })
    expect((await lifeOf(build.buddy)).first_line_on).toBe(first_line_on)
    for (let times = 0; times < 3; times++) await analyze()
    expect(points.map(({ blobs }) => blobs?.[0])).toEqual(['started', 'step', 'stopped'])
    expect(points[1]?.doubles).toContain(128)
  })

  test('is whole although analytics fails', async () => {
    const build = await h.createStartedBuild()
    await giveContainer(build.buddy)
    await build.buddy.handleStatusUpdate(failed(0, 0))
    await runInDurableObject(build.buddy, async (buddy) => {
      const dataset = {
        writeDataPoint() {
          throw new Error('no more data points')
        },
      }
      Object.assign(buddy, { env: { ...env, BUILD_ANALYTICS: dataset } })
      await buddy.alarm()
    })
    expect(await lifeOf(build.buddy)).toMatchObject({ detection_queued: true, status_synced: true })
  })

  test('takes lines that it still owes, and closes its log then', async () => {
    const build = await h.createStartedBuild()
    await giveContainer(build.buddy)
    await build.buddy.handleStatusUpdate(failed(0, 2))
    await runDurableObjectAlarm(build.buddy)
    expect((await build.buddy.getLogs({})).complete).toBe(false)
    const late = { v: 1 as const, first_line: 0, lines: [line(0), line(1)] }
    expect(await build.buddy.addLogLines(late)).toEqual({ refusal: null, next_runner_line: 2 })
    await runDurableObjectAlarm(build.buddy)
    expect((await build.buddy.getLogs({})).complete).toBe(true)
    expect(await build.buddy.addLogLines(late)).toMatchObject({ refusal: 'log_closed' })
  })

  test('may repeat its final status, and nothing else', async () => {
    const build = await h.createStartedBuild()
    await giveContainer(build.buddy)
    await build.buddy.handleStatusUpdate(failed(3, 0))
    const before = await lifeOf(build.buddy)
    expect(await build.buddy.handleStatusUpdate(failed(3, 0))).toEqual({ refusal: null })
    expect(await build.buddy.handleStatusUpdate(running(2))).toEqual({ refusal: null })
    expect(await build.buddy.handleStatusUpdate(running(4))).toEqual({ refusal: 'build_stopped' })
    expect((await lifeOf(build.buddy)).state).toEqual(before.state)
  })
})

describe('what a good build printed', () => {
  test('is kept when its log is sealed', async () => {
    const build = await h.createStartedBuild()
    await giveContainer(build.buddy)
    await build.buddy.addLogLines({ v: 1, first_line: 0, lines: [line(0), line(1), OWN_LINE] })
    expect(await build.buddy.getLineTemplates()).toBeNull()
    await build.buddy.handleStatusUpdate(succeeded(0, 3))
    await runDurableObjectAlarm(build.buddy)
    // Two lines differ in a number alone.
    expect((await build.buddy.getLineTemplates())?.hashes.byteLength).toBe(2 * 4)
  })

  test('is not kept of one that failed', async () => {
    const build = await h.createStartedBuild()
    await giveContainer(build.buddy)
    await build.buddy.addLogLines({ v: 1, first_line: 0, lines: [line(0)] })
    await build.buddy.handleStatusUpdate(failed(0, 1))
    await runDurableObjectAlarm(build.buddy)
    expect(await build.buddy.getLineTemplates()).toBeNull()
  })
})

describe('a build that the control plane ends', () => {
  test('at its deadline says so in its log, once, and takes no more from its runner', async () => {
    const build = await h.createStartedBuild()
    await giveContainer(build.buddy)
    await build.buddy.handleStatusUpdate(running(0))
    await build.buddy.addLogLines({ v: 1, first_line: 0, lines: [line(0)] })
    await setLife(build.buddy, (life) => ({ ...life, deadline_on: Date.now() - 1 }))
    await runDurableObjectAlarm(build.buddy)
    expect(await h.selectBuild(build)).toMatchObject({
      build_outcome: 'terminated',
      failure_reason: 'timed_out',
    })
    const flush = { v: 1 as const, first_line: 1, lines: [line(1)] }
    expect(await build.buddy.addLogLines(flush)).toMatchObject({ refusal: 'build_stopped' })
    expect(await build.buddy.handleStatusUpdate(failed(1, 2))).toEqual({ refusal: 'build_stopped' })
    expect(await messagesOf(build.buddy)).toEqual(['line 0', 'Build was timed out'])
  })

  test('because it is cancelled is cancelled in Postgres when the call returns', async () => {
    const build = await h.createStartedBuild()
    await giveContainer(build.buddy)
    expect(await build.buddy.cancelBuild()).toEqual({ build_outcome: 'cancelled' })
    expect(await h.selectBuild(build)).toMatchObject({ build_outcome: 'cancelled' })
    expect(await build.buddy.cancelBuild()).toEqual({ build_outcome: 'cancelled' })
    expect((await lifeOf(build.buddy)).detection_queued).toBe(false)
  })

  test('because no container can be had fails to initialise, and says so', async () => {
    const build = await h.createStartedBuild()
    await setLife(build.buddy, (life) => ({ ...life, refused_since: Date.now() }))
    const inAMinute = Date.now() + 60_000
    const clock = vi.spyOn(Date, 'now').mockReturnValue(inAMinute)
    onTestFinished(() => clock.mockRestore())
    await build.buddy.startBuild(build)
    await runDurableObjectAlarm(build.buddy)
    expect(await h.selectBuild(build)).toMatchObject({
      build_outcome: 'fail',
      failure_reason: 'initialization_failed',
    })
    expect((await messagesOf(build.buddy)).join()).toContain('could not be started')
  })

  test('because its build token was deleted fails with that reason', async () => {
    const build = await h.createStartedBuild()
    await h.sql`update build_tokens set deleted_on = now()`
    await build.buddy.startBuild(build)
    await runDurableObjectAlarm(build.buddy)
    expect(await h.selectBuild(build)).toMatchObject({
      build_outcome: 'fail',
      failure_reason: 'build_token_invalid',
    })
    expect((await messagesOf(build.buddy)).join()).toContain('build token')
  })
})

test('a chore that fails again is logged, and only the first time with its stack', async () => {
  const logged = vi.spyOn(console, 'log')
  const build = await h.createStartedBuild()
  await build.buddy.startBuild(build)
  for (const _ of [1, 2, 3]) {
    await setLife(build.buddy, ({ retries: { create, ...others }, ...life }) => ({
      ...life,
      retries: { ...others, ...(create && { create: { ...create, not_before: 0 } }) },
    }))
    await runDurableObjectAlarm(build.buddy)
  }
  const failures = logged.mock.calls
    .map(([entry]) => entry)
    .filter(({ message }) => message === 'could not create; trying again')
  logged.mockRestore()
  expect(failures.length).toBeGreaterThan(1)
  expect(failures.every((entry) => 'error_message' in entry)).toBe(true)
  expect(failures.findIndex((entry) => 'error_stack' in entry)).toBe(0)
  expect(failures.findLastIndex((entry) => 'error_stack' in entry)).toBe(0)
})

test('a build that was cancelled while it was handed over never gets a container', async () => {
  const build = await h.createStartedBuild()
  await h.store.builds.cancelQueued(build.build_id)
  await build.buddy.startBuild(build)
  await runDurableObjectAlarm(build.buddy)
  const life = await lifeOf(build.buddy)
  expect(life).toMatchObject({ container: 'wanted', state: { build_outcome: 'cancelled' } })
  expect(await h.selectBuild(build)).toMatchObject({ build_outcome: 'cancelled' })
})

describe('a build that Postgres still has as unfinished', () => {
  test('though it is over is written to Postgres again', async () => {
    const build = await h.createStartedBuild()
    await giveContainer(build.buddy)
    await build.buddy.handleStatusUpdate(failed(0, 0))
    await runDurableObjectAlarm(build.buddy)
    // As after a failover to a server that lacks the last commits.
    await h.sql`
      update builds set status = 'running', build_outcome = null, failure_reason = null,
        stopped_on = null where build_id = ${build.build_id}`
    await build.buddy.endOverdue({ ...build, overdue_asks: 1 })
    await runDurableObjectAlarm(build.buddy)
    expect(await h.selectBuild(build)).toMatchObject({ failure_reason: 'clone_failed' })
  })

  test('though its BuildBuddy knows nothing of it ends as lost, with a log that says so', async () => {
    const { build } = await h.createBuild()
    await h.sql`
      update builds set status = 'running', claimed_on = now(), initializing_on = now(),
        running_on = now() where build_id = ${build.build_id}`
    const buddy = getBuildBuddy(env, build.build_id)
    await buddy.endOverdue({ ...build, overdue_asks: 1 })
    await runDurableObjectAlarm(buddy)
    expect(await h.selectBuild(build)).toMatchObject({
      build_outcome: 'fail',
      failure_reason: 'internal_error',
    })
    expect(await buddy.getLogs({})).toMatchObject({
      lines: [[expect.any(Number), 'initializing', expect.stringContaining('internal error')]],
      complete: true,
    })
    // There is no compute in this suite: the container is still to be stopped.
    expect(await lifeOf(buddy)).toMatchObject({ container: 'asked', detection_queued: true })
  })
})

test('a start that is repeated writes to Postgres again what it lost', async () => {
  const build = await h.createStartedBuild()
  await giveContainer(build.buddy)
  await build.buddy.handleStatusUpdate(running(0))
  await runDurableObjectAlarm(build.buddy)
  await h.sql`
    update builds set status = 'queued', initializing_on = null, running_on = null
    where build_id = ${build.build_id}`
  await build.buddy.startBuild(build)
  await runDurableObjectAlarm(build.buddy)
  expect((await h.selectBuild(build))?.status).toBe('running')
})

test('a heartbeat is noted, and writes nothing to Postgres', async () => {
  const build = await h.createStartedBuild()
  await giveContainer(build.buddy)
  await build.buddy.handleStatusUpdate(running(0, 10))
  await runDurableObjectAlarm(build.buddy)
  await setLife(build.buddy, (life) => ({ ...life, heard_on: 1 }))
  expect(await build.buddy.handleStatusUpdate(running(0))).toEqual({ refusal: null })
  const life = await lifeOf(build.buddy)
  expect(life.heard_on).toBeGreaterThan(1)
  expect(life).toMatchObject({ status_synced: true, heartbeat_ms: 10_000 })
})

test('what was answered survives eviction', async () => {
  const build = await h.createStartedBuild()
  await build.buddy.handleStatusUpdate(running(0))
  await build.buddy.addLogLines({ v: 1, first_line: 0, lines: [line(0)] })
  await runInDurableObject(build.buddy, (_, state) => state.storage.deleteAlarm())
  await evictDurableObject(build.buddy)
  expect((await lifeOf(build.buddy)).state.status).toBe('running')
  expect(await messagesOf(build.buddy)).toEqual(['line 0'])
  const again = { v: 1 as const, first_line: 0, lines: [line(0), line(1)] }
  expect(await build.buddy.addLogLines(again)).toEqual({ refusal: null, next_runner_line: 2 })
})

describe('a build that is erased', () => {
  const storedIn = (buddy: Buddy) =>
    runInDurableObject(buddy, async (_, { storage }) => ({
      keys: [...storage.kv.list()].length,
      tables: storage.sql
        .exec("select name from sqlite_master where name not like '\\_cf%' escape '\\'")
        .toArray(),
      alarm: await storage.getAlarm(),
    }))
  const NOTHING = { keys: 0, tables: [], alarm: null }

  test('leaves nothing in its object, and its runner is refused', async () => {
    const build = await h.createStartedBuild()
    await giveContainer(build.buddy)
    await build.buddy.addLogLines({ v: 1, first_line: 0, lines: [line(0)] })
    await build.buddy.handleStatusUpdate(failed(0, 1))
    await runDurableObjectAlarm(build.buddy)
    expect(await build.buddy.erase()).toEqual({ erased: true })
    expect(await storedIn(build.buddy)).toEqual(NOTHING)
    const late = { v: 1 as const, first_line: 1, lines: [line(1)] }
    await expect(async () => await build.buddy.addLogLines(late)).rejects.toThrow('never started')
    expect(await build.buddy.erase()).toEqual({ erased: true })
    expect(await storedIn(build.buddy)).toEqual(NOTHING)
  })

  test('while it runs is cancelled, and erased when its container has ended', async () => {
    const build = await h.createStartedBuild()
    await giveContainer(build.buddy)
    await build.buddy.handleStatusUpdate(running(0))
    await setLife(build.buddy, (life) => ({
      ...life,
      build_uuid: build.build_uuid,
      container: 'given',
    }))
    expect(await build.buddy.erase()).toEqual({ erased: false })
    await runDurableObjectAlarm(build.buddy)
    // There is no compute in this suite that could stop it.
    expect(await lifeOf(build.buddy)).toMatchObject({
      state: { build_outcome: 'cancelled' },
      container: 'given',
    })
    expect(await build.buddy.erase()).toEqual({ erased: false })
    await setLife(build.buddy, (life) => ({ ...life, container: 'gone' }))
    await runDurableObjectAlarm(build.buddy)
    expect(await storedIn(build.buddy)).toEqual(NOTHING)
  })

  test('behind its back, its row gone, erases itself', async () => {
    const build = await h.createStartedBuild()
    await h.store.deletions.deleteBuilds([build.build_id])
    await build.buddy.startBuild(build)
    await runDurableObjectAlarm(build.buddy)
    expect(await storedIn(build.buddy)).toEqual(NOTHING)
  })
})
