import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import {
  type LogCursor,
  type LogLine,
  MAX_PAGE_CHARACTERS,
  MAX_PAGE_LINES,
} from '@workers-builds/contracts'
import { afterEach, describe, expect, test } from 'vitest'
import { BuildLog } from './build-log.ts'

afterEach(() => reset())

const line = (n: number): LogLine => [n, 'building', `line ${n}`]
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => line(from + i))

/** A log in a Durable Object of its own. */
function newLog(kept?: { head_bytes: number; tail_bytes: number }) {
  const stub = env.BUILD_BUDDY.get(env.BUILD_BUDDY.newUniqueId())
  const use = <Result>(work: (log: BuildLog) => Result) =>
    runInDurableObject(stub, (_, state) => work(new BuildLog(state.storage, kept)))
  return { use, evict: () => evictDurableObject(stub) }
}

function readAll(log: BuildLog, { sealed, from = 0 }: { sealed: boolean; from?: number }) {
  const all: LogLine[] = []
  let cursor: LogCursor | undefined = { line: from }
  let complete = false
  while (cursor !== undefined) {
    const page: ReturnType<BuildLog['read']> = log.read({ cursor, sealed })
    all.push(...page.lines)
    if (page.lines.length === 0 && !page.complete) break
    cursor = page.cursor
    complete = page.complete
  }
  return { all, complete }
}

describe('flushes', () => {
  test('sent twice, or overlapping, are stored once', async () => {
    const { use } = newLog()
    await use((log) => {
      for (const [from, to] of [
        [0, 3],
        [0, 3],
        [1, 5],
        [4, 5],
        [3, 8],
      ] as const) {
        expect(log.addRunnerLines(from, lines(from, to)).stored).toBe(true)
      }
      expect(log.addRunnerLines(0, lines(0, 2)).next_runner_line).toBe(8)
      expect(readAll(log, { sealed: false }).all).toEqual(lines(0, 8))
    })
  })

  test('with a gap are refused with what is expected, and stored not at all', async () => {
    const { use } = newLog()
    await use((log) => {
      log.addRunnerLines(0, lines(0, 2))
      expect(log.addRunnerLines(3, lines(3, 4))).toEqual({ stored: false, next_runner_line: 2 })
      expect(readAll(log, { sealed: false }).all).toEqual(lines(0, 2))
    })
  })

  test("are counted apart from the control plane's own lines", async () => {
    const { use } = newLog()
    await use((log) => {
      log.addLine(0, 'initializing', 'before')
      log.addRunnerLines(0, lines(0, 2))
      log.addLine(9, 'building', 'between')
      expect(log.addRunnerLines(2, lines(10, 11)).next_runner_line).toBe(3)
      expect(readAll(log, { sealed: true }).all.map(([, , message]) => message)).toEqual([
        'before',
        'line 0',
        'line 1',
        'between',
        'line 10',
      ])
    })
  })

  test('get timestamps that never go back', async () => {
    const { use } = newLog()
    await use((log) => {
      log.addRunnerLines(0, [
        [5, 'building', 'a'],
        [3, 'building', 'b'],
      ])
      log.addRunnerLines(2, [
        [4, 'building', 'c'],
        [7, 'building', 'd'],
      ])
      expect(readAll(log, { sealed: false }).all.map(([time]) => time)).toEqual([5, 5, 5, 7])
    })
  })
})

describe('every line is read back once, in order, from any cursor', () => {
  const TOTAL = MAX_PAGE_LINES * 2 + 500

  test.each([
    ['while the build writes', false, false],
    ['after sealing and compaction', true, false],
    ['after eviction', true, true],
  ])('%s', async (_, compacted, evicted) => {
    const { use, evict } = newLog()
    await use((log) => {
      for (let at = 0; at < TOTAL; at += 37) {
        log.addRunnerLines(at, lines(at, Math.min(at + 37, TOTAL)))
      }
      if (compacted) log.compact()
    })
    if (evicted) await evict()
    await use((log) => {
      for (const from of [0, 1, 36, 37, 999, 1_000, 1_001, TOTAL - 1]) {
        const { all, complete } = readAll(log, { sealed: compacted, from })
        expect(all).toEqual(lines(from, TOTAL))
        expect(complete).toBe(compacted)
      }
      const beyond = log.read({ cursor: { line: TOTAL + 5 }, sealed: compacted })
      expect(beyond.lines).toEqual([])
    })
  })

  test('with lines so long that they fill many rows', async () => {
    const { use } = newLog()
    const long = Array.from(
      { length: 400 },
      (_, i): LogLine => [i, 'building', crypto.randomUUID().repeat(220)],
    )
    await use((log) => {
      log.addRunnerLines(0, long)
      log.compact()
      expect(readAll(log, { sealed: true }).all).toEqual(long)
    })
  })
})

describe('a log that is too long', () => {
  const kept = { head_bytes: 2_000, tail_bytes: 1_000 }
  const LEFT_OUT = /^… (\d+) lines were left out here …$/

  test.each([
    ['while the build writes', false],
    ['after compaction', true],
  ])(
    'keeps its head and its tail, and says how much it left out between (%s)',
    async (_, sealed) => {
      const { use } = newLog(kept)
      await use((log) => {
        for (let at = 0; at < 1_000; at += 5) log.addRunnerLines(at, lines(at, at + 5))
        if (sealed) log.compact()
        const { all, complete } = readAll(log, { sealed })
        const gap = all.findIndex(([, , message]) => LEFT_OUT.test(message))
        const leftOut = Number(LEFT_OUT.exec(all[gap]?.[2] ?? '')?.[1])
        expect(all.slice(0, gap)).toEqual(lines(0, gap))
        expect(all.slice(gap + 1)).toEqual(lines(gap + leftOut, 1_000))
        expect(all.length - 1 + leftOut).toBe(1_000)
        for (const part of [all.slice(0, gap), all.slice(gap + 1)]) {
          expect(part.length).toBeGreaterThan(10)
        }
        expect(JSON.stringify(all).length).toBeLessThan(4_000)
        for (const index of [
          0,
          gap - 2,
          gap - 1,
          gap,
          gap + 1,
          gap + 3,
          all.length - 2,
          all.length,
        ]) {
          expect(log.slice({ index, count: 4 }), `from ${index}`).toEqual(
            all.slice(index, index + 4),
          )
        }
        expect(complete).toBe(sealed)
      })
    },
  )

  test('can be read on from a line that was left out meanwhile', async () => {
    const { use } = newLog(kept)
    await use((log) => {
      for (let at = 0; at < 1_000; at += 5) log.addRunnerLines(at, lines(at, at + 5))
      const { all } = readAll(log, { sealed: false, from: 500 })
      expect(all[0]?.[2]).toMatch(LEFT_OUT)
      expect(all.at(-1)).toEqual(line(999))
    })
  })

  test('keeps the end of a flush that is longer than the tail', async () => {
    const { use } = newLog({ head_bytes: 10, tail_bytes: 10 })
    await use((log) => {
      log.addRunnerLines(0, lines(0, 50))
      log.addRunnerLines(50, lines(50, 99))
      log.addLine(100, 'building', 'the last word')
      expect(readAll(log, { sealed: true }).all.at(-1)?.[2]).toBe('the last word')
    })
  })
})

describe('a page', () => {
  test('is bounded in characters, and has at least one line', async () => {
    const { use } = newLog()
    await use((log) => {
      const long = Array.from(
        { length: 300 },
        (_, i): LogLine => [i, 'building', 'é'.repeat(8_000)],
      )
      log.addRunnerLines(0, long)
      const page = log.read({ sealed: false })
      expect(page.lines.length * 8_000).toBeLessThanOrEqual(MAX_PAGE_CHARACTERS)
      expect(page).toMatchObject({ cursor: { line: page.lines.length }, more: true })
      expect(readAll(log, { sealed: false }).all).toEqual(long)
      const one = log.read({ sealed: false, maxCharacters: 10 })
      expect(one.lines).toHaveLength(1)
      expect(log.read({ cursor: { line: 299 }, sealed: false })).toMatchObject({ more: false })
    })
  })

  test('ends with the line that says what was left out, so that its lines are counted on', async () => {
    const { use } = newLog({ head_bytes: 2_000, tail_bytes: 1_000 })
    await use((log) => {
      for (let at = 0; at < 1_000; at += 5) log.addRunnerLines(at, lines(at, at + 5))
      const head = log.read({ sealed: false })
      expect(head.lines.at(-1)?.[2]).toContain('left out')
      expect(head.lines.slice(0, -1)).toEqual(lines(0, head.lines.length - 1))
      const from = head.cursor?.line ?? 0
      const tail = log.read({ cursor: { line: from }, sealed: false })
      expect(tail.lines).toEqual(lines(from, 1_000))
    })
  })
})

test('a log that an earlier release wrote is read, and written on', async () => {
  const stub = env.BUILD_BUDDY.get(env.BUILD_BUDDY.newUniqueId())
  await runInDurableObject(stub, (_, { storage }) => {
    storage.sql.exec(`
      create table log_rows (
        first_line integer primary key, line_count integer not null, content blob not null);
      create table log_state (
        one integer primary key, next_line integer not null, next_runner_line integer not null,
        last_timestamp integer not null);
      insert into log_state values (1, 2, 2, 1);`)
    const json = Buffer.from(JSON.stringify(lines(0, 2)))
    storage.sql.exec('insert into log_rows values (0, 2, ?)', json)
    const log = new BuildLog(storage)
    expect(readAll(log, { sealed: true })).toEqual({ all: lines(0, 2), complete: true })
    log.addRunnerLines(2, lines(2, 4))
    log.compact()
    expect(readAll(log, { sealed: true }).all).toEqual(lines(0, 4))
  })
})

test('compaction leaves few rows that fit', async () => {
  const stub = env.BUILD_BUDDY.get(env.BUILD_BUDDY.newUniqueId())
  await runInDurableObject(stub, (_, { storage }) => {
    const log = new BuildLog(storage)
    for (let at = 0; at < 5_000; at += 10) log.addRunnerLines(at, lines(at, at + 10))
    log.compact()
    const rows = storage.sql
      .exec<{ size: number }>('select length(content) as size from log_rows')
      .toArray()
    expect(rows).toHaveLength(1)
    expect(Math.max(...rows.map((row) => row.size))).toBeLessThan(2_000_000)
  })
})
