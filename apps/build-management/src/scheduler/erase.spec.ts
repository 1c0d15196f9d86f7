import { listDurableObjectIds, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { LogLine } from '@workers-builds/contracts'
import type { KeptLog } from '@workers-builds/store'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { BuildBuddy } from '../build-buddy/build-buddy.ts'
import type { Life } from '../build-buddy/life.ts'
import { useBuildManagement } from '../testing/build-management-harness.ts'
import { eraseDeleted, MOST_PER_PASS, removeExpiredLogs } from './erase.ts'

const h = useBuildManagement()

const lines: LogLine[] = [[1, 'building', 'a planted line']]
const pass = h.runSchedulerPass
const deleteCaches = async () => {}

/** A compute host in front of the real ones: `answer` is asked which status deleting caches has. */
function stubCaches(answer: () => number) {
  const asked: unknown[] = []
  const send = globalThis.fetch
  vi.stubGlobal('fetch', async (input: URL | string, init: RequestInit = {}) => {
    if (!String(input).endsWith('/caches')) return await send(input, init)
    asked.push(JSON.parse(String(init.body)))
    return Response.json({ v: 1 }, { status: answer() })
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  return asked
}

/** A build of `tenant` that ran, failed and left a log. */
async function createOverBuild() {
  const build = await h.createStartedBuild()
  await runInDurableObject(build.buddy, (_, { storage }) => {
    const life = storage.kv.get<object>('life')
    storage.kv.put('life', { ...life, container: 'gone', status_synced: true })
  })
  await build.buddy.addLogLines({ v: 1, first_line: 0, lines })
  await build.buddy.handleStatusUpdate({
    v: 1,
    seq: 0,
    status: 'stopped',
    steps: [],
    build_outcome: 'fail',
    failure_reason: 'clone_failed',
    exit_code: 1,
    line_count: 1,
  })
  await untilAtRest(build.buddy)
  // It was woken by the build's end, and would claim what the test makes next.
  await h.runSchedulerPass()
  return build
}

/** Waits until nothing is left to do: the alarm may be firing by itself just now. */
async function untilAtRest(buddy: DurableObjectStub<BuildBuddy>): Promise<void> {
  await vi.waitFor(async () => {
    await runDurableObjectAlarm(buddy)
    const { alarm, life } = await runInDurableObject(buddy, async (_, { storage }) => ({
      alarm: await storage.getAlarm(),
      life: storage.kv.get<Life>('life'),
    }))
    expect({ alarm, queued: life?.detection_queued }).toEqual({ alarm: null, queued: true })
  }, 30_000)
}

/** What every BuildBuddy that there is has stored, as text. */
async function everyObject(): Promise<string> {
  const texts = await Promise.all(
    (await listDurableObjectIds(env.BUILD_BUDDY)).map((id) =>
      runInDurableObject(env.BUILD_BUDDY.get(id), (_, { storage }) => {
        const tables = storage.sql.exec<{ sql: string }>('select sql from sqlite_master').toArray()
        const rows = tables.some(({ sql }) => sql?.includes('log_rows'))
          ? storage.sql.exec<{ content: ArrayBuffer }>('select content from log_rows').toArray()
          : []
        return JSON.stringify([
          ...storage.kv.list(),
          ...rows.map(({ content }) => content.byteLength),
        ])
      }),
    ),
  )
  return texts.filter((text) => text !== '[]').join('\n')
}

describe('a deleted account', () => {
  test('leaves neither a row nor anything in an object', async () => {
    const { tenant } = await createOverBuild()
    await h.createBuild({ tenant })
    stubCaches(() => 200)
    expect(await everyObject()).toContain('clone_failed')
    await h.store.deletions.requestAccount(tenant)
    await pass()
    expect(await h.sql`select from accounts`).toHaveLength(0)
    expect(await h.sql`select from builds`).toHaveLength(0)
    expect(await everyObject()).toBe('')
  })

  test('stays while a build of it cannot be erased, and goes then', async () => {
    const { tenant, buddy } = await createOverBuild()
    stubCaches(() => 200)
    const setContainer = (container: string) =>
      runInDurableObject(buddy, (_, { storage }) => {
        storage.kv.put('life', { ...storage.kv.get<object>('life'), container })
      })
    await setContainer('given')
    await h.store.deletions.requestAccount(tenant)
    await pass()
    expect(await h.sql`select from accounts`).toHaveLength(1)
    await setContainer('gone')
    await pass()
    expect(await h.sql`select from accounts`).toHaveLength(0)
    expect(await everyObject()).toBe('')
  })
})

test('what a deleted account cached goes before its row, also when the compute was away', async () => {
  const { tenant } = await createOverBuild()
  const other = await createOverBuild()
  const { trigger_uuid } = tenant
  await h.sql`update triggers set cache_generation = 2 where trigger_uuid = ${trigger_uuid}`
  await h.store.deletions.requestAccount(tenant)
  let status = 503
  const asked = stubCaches(() => status)
  await pass()
  expect(await h.sql`select from accounts where account_id = ${tenant.account_id}`).toHaveLength(1)
  status = 200
  await pass()
  const keys = [0, 1, 2].map((generation) => `${trigger_uuid}.${generation}`)
  expect(asked).toEqual([
    { v: 1, keys },
    { v: 1, keys },
  ])
  expect(await h.sql`select account_id from accounts`).toEqual([
    { account_id: other.tenant.account_id },
  ])
  await pass()
  expect(asked).toHaveLength(2)
})

test('a pass that dies between object and row is made up for by the next', async () => {
  const { tenant, build_id, buddy } = await createOverBuild()
  stubCaches(() => 200)
  await h.store.deletions.requestAccount(tenant)
  const { deletions } = h.store
  const dies = { ...deletions, deleteBuilds: () => Promise.reject(new Error('killed')) }
  const eraseBuild = async () => (await buddy.erase()).erased
  await expect(
    eraseDeleted({ store: { deletions: dies }, eraseBuild, deleteCaches, after: 0 }),
  ).rejects.toThrow('killed')
  await pass()
  expect(await h.selectBuild({ build_id })).toBeUndefined()
  expect(await everyObject()).toBe('')
})

test('builds that cannot be erased hold back no others, in passes of a bounded size', async () => {
  const tenant = await h.createTenant()
  await h.createFailedBuilds(MOST_PER_PASS * 2 + 1, { tenant })
  await h.sql`update builds set claimed_on = now()`
  await h.store.deletions.requestWorker(tenant)
  const asked: number[] = []
  const eraseBuild = async (build_id: number) => {
    asked.push(build_id)
    return build_id > MOST_PER_PASS
  }
  let after = 0
  for (const expected of [MOST_PER_PASS, MOST_PER_PASS, 1]) {
    asked.length = 0
    after = (await eraseDeleted({ store: h.store, eraseBuild, deleteCaches, after })).after
    expect(asked).toHaveLength(expected)
  }
  expect(after).toBe(0)
  expect(await h.sql`select from builds`).toHaveLength(MOST_PER_PASS)
})

test('logs that cannot be removed hold back no others, in passes of a bounded size', async () => {
  const build_ids = await h.createFailedBuilds(MOST_PER_PASS * 2 + 1)
  await h.sql`
    update builds set claimed_on = now(), scan_due_on = null, stopped_on = now() - interval '91 days'`
  const asked: number[] = []
  const eraseBuild = async (build_id: number) => {
    asked.push(build_id)
    return build_ids.indexOf(build_id) >= MOST_PER_PASS
  }
  let after: KeptLog | null = null
  for (const expected of [MOST_PER_PASS, MOST_PER_PASS, 1]) {
    asked.length = 0
    after = (await removeExpiredLogs({ store: h.store, eraseBuild, after })).after
    expect(asked).toHaveLength(expected)
  }
  expect(after).toBeNull()
  const kept = await h.sql`select from builds where log_deleted_on is null`
  expect(kept).toHaveLength(MOST_PER_PASS)
})

test("a log is removed when its account's time is over; the build and its errors stay", async () => {
  const { build_id } = await createOverBuild()
  await h.sql`update builds set scan_due_on = null, stopped_on = now() - interval '91 days'`
  await pass()
  expect(await everyObject()).toBe('')
  const [row] =
    await h.sql`select log_deleted_on, build_outcome from builds where build_id = ${build_id}`
  expect(row).toEqual({ log_deleted_on: expect.any(Date), build_outcome: 'fail' })
})
