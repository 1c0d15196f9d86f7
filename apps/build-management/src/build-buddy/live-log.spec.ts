import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import {
  decodeLogCursor,
  LIVE_CLOSE_CODES,
  LIVE_WINDOW_BYTES,
  type LogLine,
  type RunnerStatusUpdate,
} from '@workers-builds/contracts'
import { describe, expect, test, vi } from 'vitest'
import { getBuildBuddy } from '../stubs.ts'
import { useBuildManagement } from '../testing/build-management-harness.ts'
import { openLogViewer } from '../testing/log-viewer.ts'
import type { BuildBuddy } from './build-buddy.ts'
import { MAX_VIEWERS } from './live-viewers.ts'

const h = useBuildManagement()

type Buddy = DurableObjectStub<BuildBuddy>

const messages = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `line ${from + i}`)

function flush(buddy: Buddy, from: number, to: number, padding = '') {
  const lines = messages(from, to).map((text): LogLine => [from, 'building', text + padding])
  return buddy.addLogLines({ v: 1, first_line: from, lines })
}

const RUNNING: RunnerStatusUpdate = { v: 1, seq: 0, status: 'running', steps: [] }
const succeeded = (line_count: number): RunnerStatusUpdate => ({
  v: 1,
  seq: 1,
  status: 'stopped',
  steps: [],
  build_outcome: 'success',
  failure_reason: null,
  exit_code: null,
  line_count,
})

/** A build whose container is gone already: there is no compute in this suite. */
async function startBuild() {
  const build = await h.createStartedBuild()
  await runInDurableObject(build.buddy, (_, { storage }) => {
    const life = storage.kv.get<object>('life')
    storage.kv.put('life', { ...life, container: 'gone', status_synced: true })
  })
  return build
}

describe('a viewer', () => {
  test('is sent what is there, what comes, each change of status, and the end', async () => {
    const { buddy } = await startBuild()
    await flush(buddy, 0, 3)
    const viewer = await openLogViewer(buddy)
    await buddy.handleStatusUpdate(RUNNING)
    await flush(buddy, 3, 5)
    await flush(buddy, 3, 5)
    await buddy.handleStatusUpdate(succeeded(5))
    await runDurableObjectAlarm(buddy)
    expect(await viewer.closed).toEqual({
      code: LIVE_CLOSE_CODES.complete,
      reason: 'the log is complete',
    })
    expect(viewer.messages()).toEqual(messages(0, 5))
    const statuses = viewer.frames.filter((frame) => frame.type === 'status')
    expect(statuses.map((frame) => frame.status)).toEqual(['initializing', 'running', 'stopped'])
    expect(viewer.frames.at(-1)).toEqual({
      type: 'end',
      build_outcome: 'success',
      failure_reason: null,
      line_count: 5,
    })
  })

  test('starts where its cursor stands', async () => {
    const { buddy } = await startBuild()
    await flush(buddy, 0, 10)
    const viewer = await openLogViewer(buddy, { line: 7 })
    await viewer.untilLines(3)
    expect(viewer.messages()).toEqual(messages(7, 10))
    const atEnd = await openLogViewer(buddy, { line: 10 })
    await flush(buddy, 10, 11)
    await atEnd.untilLines(1)
  })

  test('of a complete log is sent all of it and the end', async () => {
    const { buddy } = await startBuild()
    await flush(buddy, 0, 2_500 / 5)
    await flush(buddy, 500, 1_000)
    await buddy.handleStatusUpdate(succeeded(1_000))
    await runDurableObjectAlarm(buddy)
    const viewer = await openLogViewer(buddy)
    expect((await viewer.closed).code).toBe(1000)
    expect(viewer.messages()).toEqual(messages(0, 1_000))
    const late = await openLogViewer(buddy, { line: 1_000 })
    expect((await late.closed).code).toBe(1000)
    expect(late.frames.map((frame) => frame.type)).toEqual(['status', 'end'])
  })

  test('that leaves is forgotten, and one that comes back goes on from its cursor', async () => {
    const { buddy } = await startBuild()
    await flush(buddy, 0, 2)
    const viewer = await openLogViewer(buddy)
    await viewer.untilLines(2)
    viewer.close()
    await viewer.closed
    await flush(buddy, 2, 4)
    const back = await openLogViewer(buddy, { line: 2 })
    await back.untilLines(2)
    expect(back.messages()).toEqual(messages(2, 4))
    const open = await runInDurableObject(buddy, (_, state) => state.getWebSockets().length)
    expect(open).toBe(1)
  })
})

describe('a viewer that does not acknowledge', () => {
  const PADDING = 'x'.repeat(1_000)

  test('is sent at most its window, is notified once that there is more, and holds back no other', async () => {
    const { buddy } = await startBuild()
    const silent = await openLogViewer(buddy, { acknowledges: false })
    const other = await openLogViewer(buddy)
    for (let at = 0; at < 1_000; at += 100) await flush(buddy, at, at + 100, PADDING)
    await other.untilLines(1_000)
    await silent.until('more')
    await flush(buddy, 1_000, 1_001, PADDING)
    await other.untilLines(1_001)
    const bytes = silent
      .linesFrames()
      .reduce((sum, frame) => sum + Buffer.byteLength(JSON.stringify(frame)), 0)
    expect(bytes).toBeLessThanOrEqual(LIVE_WINDOW_BYTES)
    expect(bytes).toBeGreaterThan(LIVE_WINDOW_BYTES / 2)
    expect(silent.frames.filter((frame) => frame.type === 'more')).toHaveLength(1)
  })

  test('goes on when it does', async () => {
    const { buddy } = await startBuild()
    const viewer = await openLogViewer(buddy, { acknowledges: false })
    for (let at = 0; at < 1_000; at += 100) await flush(buddy, at, at + 100, PADDING)
    for (let rounds = 1; viewer.messages().length < 1_000; rounds++) {
      await vi.waitFor(
        () => expect(viewer.frames.filter((frame) => frame.type === 'more')).toHaveLength(rounds),
        30_000,
      )
      const before = viewer.messages().length
      viewer.acknowledge(viewer.linesFrames().at(-1)?.cursor ?? '')
      await vi.waitFor(() => expect(viewer.messages().length).toBeGreaterThan(before), 30_000)
    }
    expect(viewer.messages().map((message) => message.replace(PADDING, ''))).toEqual(
      messages(0, 1_000),
    )
  })

  test('may page, and come back after what it paged', async () => {
    const { buddy } = await startBuild()
    const viewer = await openLogViewer(buddy, { acknowledges: false })
    for (let at = 0; at < 1_000; at += 100) await flush(buddy, at, at + 100, PADDING)
    await viewer.until('more')
    const more = viewer.frames.findLast((frame) => frame.type === 'more')
    const cursor = decodeLogCursor(more?.cursor ?? '')
    const page = await buddy.getLogs(cursor ? { cursor } : {})
    const paged = page.lines.map(([, , message]) => message)
    expect([...viewer.messages(), ...paged]).toHaveLength(1_000)
    viewer.acknowledgeBefore(1_000)
    await flush(buddy, 1_000, 1_001)
    await vi.waitFor(() => expect(viewer.linesFrames().at(-1)?.first_line).toBe(1_000), 30_000)
  })
})

describe('hibernating', () => {
  test('a viewer goes on in the object that is made anew, after a status write too', async () => {
    const { buddy, build_id } = await startBuild()
    await flush(buddy, 0, 2)
    const viewer = await openLogViewer(buddy)
    await viewer.untilLines(2)
    const before = await runInDurableObject(buddy, (instance) => new WeakRef(instance))

    // This opens a connection to Postgres, and ends it.
    await buddy.handleStatusUpdate(RUNNING)
    await runDurableObjectAlarm(buddy)
    expect((await h.selectBuild({ build_id }))?.status).toBe('running')
    await runInDurableObject(buddy, (_, state) => state.storage.deleteAlarm())
    await evictDurableObject(buddy)
    const same = await runInDurableObject(buddy, (instance) => instance === before.deref())
    expect(same).toBe(false)
    await flush(buddy, 2, 4)
    await viewer.untilLines(4)

    await evictDurableObject(buddy)
    viewer.acknowledgeBefore(4)
    await flush(buddy, 4, 6)
    await buddy.handleStatusUpdate(succeeded(6))
    await runDurableObjectAlarm(buddy)
    expect((await viewer.closed).code).toBe(1000)
    expect(viewer.messages()).toEqual(messages(0, 6))
  })

  test('no connection to Postgres is left open by a status write', async () => {
    const connections = async () => {
      const rows = await h.sql`
        select from pg_stat_activity
        where datname = current_database() and backend_type = 'client backend'`
      return rows.length
    }
    const { buddy, build_id } = await startBuild()
    const before = await connections()
    await buddy.handleStatusUpdate(RUNNING)
    await runDurableObjectAlarm(buddy)
    expect((await h.selectBuild({ build_id }))?.status).toBe('running')
    // The server takes a moment to notice that one was closed.
    await vi.waitFor(async () => expect(await connections()).toBeLessThanOrEqual(before), 30_000)
  })

  test('a full window is remembered', async () => {
    const { buddy } = await startBuild()
    const viewer = await openLogViewer(buddy, { acknowledges: false })
    for (let at = 0; at < 500; at += 100) await flush(buddy, at, at + 100, 'x'.repeat(1_000))
    await viewer.until('more')
    const before = viewer.messages().length
    await evictDurableObject(buddy)
    await flush(buddy, 500, 600, 'x'.repeat(1_000))
    expect(await runInDurableObject(buddy, (_, state) => state.getWebSockets().length)).toBe(1)
    expect(viewer.messages().length).toBe(before)
  })
})

test('200 viewers get every line once, in order, a silent one among them', async () => {
  const { buddy } = await startBuild()
  const silent = await openLogViewer(buddy, { acknowledges: false })
  const viewers = await Promise.all(Array.from({ length: 199 }, () => openLogViewer(buddy)))
  const padding = 'x'.repeat(500)
  for (let at = 0; at < 1_000; at += 50) await flush(buddy, at, at + 50, padding)
  await buddy.handleStatusUpdate(succeeded(1_000))
  await runDurableObjectAlarm(buddy)
  for (const viewer of viewers) {
    expect((await viewer.closed).code).toBe(1000)
    expect(viewer.messages()).toEqual(messages(0, 1_000).map((message) => message + padding))
  }
  expect(silent.messages().length).toBeLessThan(1_000)
})

describe('closed with a code and a reason', () => {
  test.each([
    ['no JSON', 'ack'],
    ['another type', '{"type":"nack"}'],
    ['no cursor', '{"type":"ack"}'],
    ['a cursor that is none', '{"type":"ack","cursor":"zzz"}'],
    ['a cursor beyond the log', `{"type":"ack","cursor":"${btoa('{"line":99}')}"}`],
    ['a binary message', new ArrayBuffer(8)],
    ['a large message', JSON.stringify({ type: 'ack', cursor: 'x'.repeat(100_000) })],
  ])('%s', async (_, message) => {
    const { buddy } = await startBuild()
    const [viewer, other] = [await openLogViewer(buddy), await openLogViewer(buddy)]
    viewer.send(message)
    expect(await viewer.closed).toEqual({
      code: LIVE_CLOSE_CODES.invalid_frame,
      reason: expect.stringContaining('expected'),
    })
    await flush(buddy, 0, 1)
    await other.untilLines(1)
  })

  test('a log that is removed', async () => {
    const { buddy } = await startBuild()
    for (let at = 0; at < 500; at += 100) await flush(buddy, at, at + 100, 'x'.repeat(1_000))
    await buddy.handleStatusUpdate(succeeded(500))
    await runDurableObjectAlarm(buddy)
    const silent = await openLogViewer(buddy, { acknowledges: false })
    expect(await buddy.erase()).toEqual({ erased: true })
    expect((await silent.closed).code).toBe(LIVE_CLOSE_CODES.log_removed)
    await expect(openLogViewer(buddy)).rejects.toThrow('410')
  })
})

describe('refused before a connection is there', () => {
  test('a cursor beyond the log, and a build that is no more', async () => {
    const { buddy } = await startBuild()
    await flush(buddy, 0, 3)
    await expect(openLogViewer(buddy, { line: 4 })).rejects.toThrow('400')
    await expect(openLogViewer(getBuildBuddy(env, 4_712))).rejects.toThrow('410')
  })

  test('more viewers than fit into memory', async () => {
    const { buddy } = await startBuild()
    for (let i = 0; i < MAX_VIEWERS; i++) await openLogViewer(buddy)
    await expect(openLogViewer(buddy)).rejects.toThrow('429')
  })
})
