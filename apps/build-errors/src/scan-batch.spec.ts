import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { LogLine } from '@workers-builds/contracts'
import { createLineTemplates, DETECTOR_VERSION } from '@workers-builds/error-detection'
import { connect, openStore } from '@workers-builds/store'
import { createHarness } from '@workers-builds/store/testing'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import app from './build-errors.app.ts'
import type { LogReader, TemplateReader } from './read-build-log.ts'
import { scanBatch } from './scan-batch.ts'

const sql = connect(env.HYPERDRIVE.connectionString, { max: 12 })
const h = createHarness(sql)
beforeEach(() => h.clear())
afterAll(() => sql.end())

const FAILED_LOG: LogLine[] = [
  [1, 'installing', 'added 3 packages in 1s'],
  [2, 'deploying', '✘ [ERROR] Could not resolve "./balance"'],
  [3, 'deploying', 'Failed: error occurred while running deploy command'],
]

/** A reader of these logs; what is missing here cannot be read. */
function reader(logs: Record<number, { lines: LogLine[]; complete?: boolean }>): LogReader {
  return async function* (build_id) {
    const log = logs[build_id]
    if (log === undefined) throw new Error('this log cannot be read')
    for (const line of log.lines) yield [line]
    return { complete: log.complete ?? true }
  }
}

const noTemplates: TemplateReader = async () => null

/** Scans a batch of these bodies; answers which messages were acked and which retried. */
async function scan(
  bodies: unknown[],
  readLog: LogReader,
  readTemplates: TemplateReader = noTemplates,
) {
  const messages = bodies.map((body, index) => ({
    id: `m${index}`,
    timestamp: new Date(),
    attempts: 1,
    body,
  }))
  const batch = createMessageBatch('build-errors', messages)
  const ctx = createExecutionContext()
  await scanBatch(batch.messages, { store: h.store, readLog, readTemplates })
  const result = await getQueueResult(batch, ctx)
  return { acked: result.explicitAcks, retried: result.retryMessages }
}

const message = (build_id: number) => ({ v: 1, build_id })

async function rows() {
  const errors = await sql<{ build_id: number; error_code: string; error_group: string }[]>`
    select build_id, error_code, error_group from build_errors order by build_id`
  const scans = await sql<{ build_id: number; outcome: string; detector_version: number }[]>`
    select build_id, outcome, detector_version from build_error_scans order by build_id`
  return { errors: [...errors], scans: [...scans] }
}

test("a failed build's errors are found, masked and stored", async () => {
  const { build } = await h.createFailedBuild()
  const { build_id } = build
  const result = await scan([message(build_id)], reader({ [build_id]: { lines: FAILED_LOG } }))
  expect(result).toEqual({ acked: ['m0'], retried: [] })
  expect(await rows()).toEqual({
    errors: [
      {
        build_id,
        error_code: 'wrangler_error',
        error_group: '✘ [ERROR] Could not resolve "<MODULE>"',
      },
    ],
    scans: [{ build_id, outcome: 'detected', detector_version: DETECTOR_VERSION }],
  })
  const [stored] = await h.store.buildErrors.selectByBuild(build_id)
  expect(stored).toMatchObject({ line: 1, step: 'deploying', cause: 'module_not_found' })
  expect((await sql`select from builds where scan_due_on is not null`).length).toBe(0)
})

test('the same build twice in a batch, and again later, has one scan and each error once', async () => {
  const { build } = await h.createFailedBuild()
  const { build_id } = build
  const logs = reader({ [build_id]: { lines: FAILED_LOG } })
  for (let i = 0; i < 2; i++) await scan([message(build_id), message(build_id)], logs)
  const { errors, scans } = await rows()
  expect([errors.length, scans.length]).toEqual([1, 1])
})

test('consumers that overlap leave each error once', async () => {
  const builds: number[] = []
  for (let i = 0; i < 10; i++) builds.push((await h.createFailedBuild()).build.build_id)
  const logs = reader(Object.fromEntries(builds.map((id) => [id, { lines: FAILED_LOG }])))
  await Promise.all(
    Array.from({ length: 6 }, (_, i) =>
      scan(i % 2 ? builds.map(message) : builds.toReversed().map(message), logs),
    ),
  )
  const { errors, scans } = await rows()
  expect([errors.length, scans.length]).toEqual([10, 10])
})

describe('one build does not hold back the others', () => {
  test('when its log cannot be read, or is not complete', async () => {
    const [good, unreadable, incomplete] = [
      (await h.createFailedBuild()).build.build_id,
      (await h.createFailedBuild()).build.build_id,
      (await h.createFailedBuild()).build.build_id,
    ]
    const result = await scan(
      [message(unreadable), message(incomplete), message(good)],
      reader({ [good]: { lines: FAILED_LOG }, [incomplete]: { lines: [], complete: false } }),
    )
    expect(result.acked).toEqual(['m2'])
    expect(result.retried.map((retry) => retry.msgId)).toEqual(['m0', 'm1'])
    expect((await rows()).scans.map((scan) => scan.build_id)).toEqual([good])
  })

  test('when Postgres cancels what stores it', async () => {
    const builds: number[] = []
    for (let i = 0; i < 3; i++) builds.push((await h.createFailedBuild()).build.build_id)
    const [first = 0, cancelled = 0, last = 0] = builds
    await using _cancelling = await cancelScansOf(cancelled)
    const logs = reader(Object.fromEntries(builds.map((id) => [id, { lines: FAILED_LOG }])))
    const result = await scan(builds.map(message), logs)
    expect(result.acked).toEqual(['m0', 'm2'])
    expect(result.retried.map((retry) => retry.msgId)).toEqual(['m1'])
    expect((await rows()).scans.map((scan) => scan.build_id)).toEqual([first, last])
  })

  test('when its message is not understood', async () => {
    const { build } = await h.createFailedBuild()
    const result = await scan(
      ['nonsense', { v: 7 }, message(build.build_id)],
      reader({ [build.build_id]: { lines: FAILED_LOG } }),
    )
    expect(result.acked.toSorted()).toEqual(['m0', 'm1', 'm2'])
    expect((await rows()).scans).toHaveLength(1)
  })
})

/** Makes Postgres cancel every statement that stores a scan of this build, until it is disposed of. */
async function cancelScansOf(build_id: number): Promise<AsyncDisposable> {
  await sql.unsafe(`
    create function cancel_statement() returns trigger language plpgsql as $$
      begin
        perform pg_cancel_backend(pg_backend_pid());
        perform pg_sleep(60);
        return new;
      end $$;
    create trigger cancel_statement before insert on build_error_scans
      for each row when (new.build_id = ${build_id}) execute function cancel_statement()`)
  return {
    [Symbol.asyncDispose]: async () => {
      await sql`drop function cancel_statement cascade`
    },
  }
}

test('builds that did not fail, or do not exist, are not scanned', async () => {
  const { build } = await h.createBuild()
  const result = await scan([message(build.build_id), message(999_999)], reader({}))
  expect(result.acked).toEqual(['m0', 'm1'])
  expect((await rows()).scans).toEqual([])
})

test('no line, no match, and a failure known without a log have different outcomes', async () => {
  const [empty, quiet, known] = [
    (await h.createFailedBuild()).build.build_id,
    (await h.createFailedBuild()).build.build_id,
    (await h.createFailedBuild({ failure_reason: 'internal_error' })).build.build_id,
  ]
  const none = { lines: [] }
  const logs = reader({ [empty]: none, [quiet]: { lines: [[1, 'building', 'hm']] }, [known]: none })
  await scan([message(empty), message(quiet), message(known)], logs)
  const { scans } = await rows()
  expect(scans.map(({ build_id, outcome }) => [build_id, outcome])).toEqual([
    [empty, 'no_log'],
    [quiet, 'no_match'],
    [known, 'detected'],
  ])
})

test('a log with NULs and halves of characters is stored all the same', async () => {
  const { build } = await h.createFailedBuild()
  const { build_id } = build
  const lines: LogLine[] = [[1, 'deploying', '✘ [ERROR] Could not resolve "./\0\ud800balance"']]
  const result = await scan([message(build_id)], reader({ [build_id]: { lines } }))
  expect(result.acked).toEqual(['m0'])
})

test('a dead letter is recorded as a failed scan', async () => {
  const { build } = await h.createFailedBuild()
  const { build_id } = build
  const letter = { id: 'm0', timestamp: new Date(), attempts: 1, body: message(build_id) }
  const batch = createMessageBatch('build-errors-dead', [letter])
  const ctx = createExecutionContext()
  await app.queue(batch, env, ctx)
  const result = await getQueueResult(batch, ctx)
  expect(result.explicitAcks).toEqual(['m0'])
  expect((await rows()).scans).toEqual([
    { build_id, outcome: 'scan_failed', detector_version: DETECTOR_VERSION },
  ])
})

test('while the database is away every message waits and none is acked', async () => {
  const { build } = await h.createFailedBuild()
  const { build_id } = build
  const letters = [1, 2, 8].map((attempts) => ({
    id: `m${attempts}`,
    timestamp: new Date(),
    attempts,
    body: message(build_id),
  }))
  const batch = createMessageBatch('build-errors', letters)
  const away = openStore('postgres://nobody:nothing@127.0.0.1:9/nowhere', { max: 1 })
  const readLog = reader({ [build_id]: { lines: FAILED_LOG } })
  await scanBatch(batch.messages, { store: away, readLog, readTemplates: noTemplates })
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext())
  expect(explicitAcks).toEqual([])
  expect(retryMessages.map(({ msgId }) => msgId).toSorted()).toEqual(['m1', 'm2', 'm8'])
  expect((await rows()).scans).toEqual([])
})

describe('a failure whose words no signature knows', () => {
  const HABIT: LogLine = [1, 'building', 'error: the remote cache is unavailable']
  const GATE: LogLine = [2, 'building', 'Quality gate: the reading score is below 60']
  const lines = [HABIT, GATE, HABIT]

  /** A failed build after a good one of the same trigger. */
  async function createFailedAfterGood() {
    const good = await h.createBuild()
    await h.store.builds.saveState({
      build_id: good.build.build_id,
      state: { status: 'stopped', build_outcome: 'success', failure_reason: null },
      steps: [],
    })
    const { build } = await h.createFailedBuild({ tenant: good.tenant })
    return { tenant: good.tenant, good_build_id: good.build.build_id, build_id: build.build_id }
  }

  /** Answers what a good build printed that had only this line; counts how often it is asked. */
  function readerOf(asked: number[]): TemplateReader {
    return async (build_id) => {
      asked.push(build_id)
      const templates = createLineTemplates()
      templates.add(HABIT[2])
      return templates.collect()
    }
  }

  const lineOf = async (build_id: number) =>
    (await h.store.buildErrors.selectByBuild(build_id))[0]?.line

  test('is explained by what the last good build of its trigger did not print', async () => {
    const { tenant, good_build_id, build_id } = await createFailedAfterGood()
    const again = (await h.createFailedBuild({ tenant })).build.build_id
    const elsewhere = (await h.createFailedBuild()).build.build_id
    const asked: number[] = []
    const logs = { [build_id]: { lines }, [again]: { lines }, [elsewhere]: { lines } }
    await scan([build_id, again, elsewhere].map(message), reader(logs), readerOf(asked))
    expect([await lineOf(build_id), await lineOf(again)]).toEqual([1, 1])
    expect(await lineOf(elsewhere)).not.toBe(1)
    // Once for both, and not of another trigger.
    expect(asked).toEqual([good_build_id])
  })

  test('is stored all the same when the good build cannot be asked, or has nothing to say', async () => {
    const { build_id } = await createFailedAfterGood()
    const logs = reader({ [build_id]: { lines } })
    const readers: TemplateReader[] = [
      async () => null,
      async () => {
        throw new Error('away')
      },
    ]
    for (const readTemplates of readers) {
      const { acked } = await scan([message(build_id)], logs, readTemplates)
      expect(acked).toEqual(['m0'])
      expect(await lineOf(build_id)).not.toBe(1)
    }
  })

  test('a good build is not asked where a signature decides', async () => {
    const { build_id } = await createFailedAfterGood()
    const asked: number[] = []
    await scan([message(build_id)], reader({ [build_id]: { lines: FAILED_LOG } }), readerOf(asked))
    expect(asked).toEqual([])
  })
})
