import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { BackfillConfig, BuildErrorsMessage } from '@workers-builds/contracts'
import { type BuildScan, openStore } from '@workers-builds/store'
import { describe, expect, test } from 'vitest'
import { getBuildErrorsAgent } from '../stubs.ts'
import { useBuildManagement } from '../testing/build-management-harness.ts'
import { agentStorage } from './agent-state.ts'
import { backfillSteps } from './backfill-steps.ts'
import { WINDOW } from './pace.ts'

const h = useBuildManagement()

const EVERYTHING: BackfillConfig = {
  min_build_id: 0,
  max_build_id: 1_000_000,
  older_than_detector_version: null,
  error_codes: null,
  account_ids: null,
  builds_per_second: null,
}

/** An agent whose queue the test holds: it sees what is sent, and decides what is scanned. */
function useAgent() {
  const agent = getBuildErrorsAgent(env)
  const sent: number[] = []
  const waiting = new Set<number>()
  const queue = {
    async sendBatch(messages: { body: BuildErrorsMessage }[]) {
      expect(messages.length).toBeLessThanOrEqual(100)
      for (const { body } of messages) {
        sent.push(body.build_id)
        waiting.add(body.build_id)
      }
    },
    async metrics() {
      return { backlogCount: waiting.size, backlogBytes: 0 }
    },
  }
  const setQueue = () =>
    runInDurableObject(agent, (instance) => {
      const inside = instance as unknown as { env: object }
      inside.env = { ...env, BUILD_ERRORS_QUEUE: queue }
    })

  return {
    agent,
    sent,
    waiting,
    async start(config: BackfillConfig) {
      await setQueue()
      return await agent.start(config)
    },
    async tick() {
      await setQueue()
      // As if its time had come.
      await runInDurableObject(agent, async (_, { storage }) => {
        if ((await storage.getAlarm()) !== null) await storage.setAlarm(Date.now() + 60_000)
      })
      return await runDurableObjectAlarm(agent)
    },
    evict: () => evictDurableObject(agent),
    /** What the consumer does with these. */
    async scan(build_ids: number[], detector_version = 1) {
      for (const build_id of build_ids) waiting.delete(build_id)
      await h.store.buildErrorScans.replace(
        build_ids.map((build_id) => ({ ...scanOf(build_id), detector_version })),
      )
    },
    /** As if no scan had been seen for long. */
    standStill: () =>
      runInDurableObject(agent, (_, { storage }) => {
        const { under_way } = storage.kv.get('standstill') as { under_way: number }
        storage.kv.put('standstill', { since: 0, under_way })
      }),
  }
}

const scanOf = (build_id: number): BuildScan => ({
  build_id,
  outcome: 'no_match',
  detector_version: 1,
  lines_read: 1,
  errors: [],
})

const lastRun = async () => (await h.store.backfills.selectAll({ limit: 1 }))[0]

describe('a run', () => {
  test('sends every failed build once, and is completed when all are scanned', async () => {
    const builds = await h.createFailedBuilds(250)
    await h.createBuild()
    const { agent, start, tick, scan, sent } = useAgent()
    const { started } = await start(EVERYTHING)
    await tick()
    expect(sent).toEqual(builds)
    expect(await lastRun()).toMatchObject({ status: 'running', builds_queued: 250 })
    expect((await agent.getProgress())?.progress).toMatchObject({
      builds_scanned: 0,
      builds_remaining: 250,
    })
    await scan(builds.slice(0, 100))
    await tick()
    expect((await agent.getProgress())?.progress).toMatchObject({
      builds_scanned: 100,
      builds_remaining: 150,
    })
    await scan(builds.slice(100))
    await tick()
    expect(await lastRun()).toMatchObject({
      backfill_id: started?.backfill_id,
      status: 'completed',
      builds_queued: 250,
      builds_scanned: 250,
    })
    expect(await agent.getProgress()).toBeNull()
    expect(await tick()).toBe(false)
    expect(sent).toEqual(builds)
  })

  test('has at most a window under way', async () => {
    const builds = await h.createFailedBuilds(WINDOW + 700)
    const { start, tick, scan, sent } = useAgent()
    await start(EVERYTHING)
    await tick()
    expect(sent).toHaveLength(WINDOW)
    await tick()
    expect(sent).toHaveLength(WINDOW)
    await scan(builds.slice(0, 600))
    await tick()
    expect(sent).toEqual(builds.slice(0, WINDOW + 600))
  })

  test('takes only the range, the accounts and the outdated scans it is asked for', async () => {
    const tenant = await h.createTenant()
    const mine = await h.createFailedBuilds(5, { tenant })
    const others = await h.createFailedBuilds(5)
    const first = useAgent()
    await first.scan([...mine.slice(0, 2), ...others], 7)
    await h.sql`update build_error_scans set scanned_on = now() - interval '1 day'`
    await first.start({
      ...EVERYTHING,
      max_build_id: mine[3] ?? 0,
      older_than_detector_version: 7,
      account_ids: [tenant.account_id],
    })
    await first.tick()
    expect(first.sent).toEqual(mine.slice(2, 4))
  })

  test('is one at a time: a second start gets the first, which goes on', async () => {
    await h.createFailedBuilds(1)
    const { start } = useAgent()
    const { started } = await start(EVERYTHING)
    const second = await start({ ...EVERYTHING, min_build_id: 5 })
    // It may have sent something by now.
    const running = { backfill_id: started?.backfill_id, min_build_id: 0, status: 'running' }
    expect(second).toMatchObject({ started: null, running })
    expect(await h.store.backfills.selectAll({ limit: 10 })).toHaveLength(1)
  })

  test('that is stopped sends nothing more, and the next one begins afresh', async () => {
    const builds = await h.createFailedBuilds(3)
    const { agent, start, tick, sent } = useAgent()
    await start(EVERYTHING)
    expect(await agent.stop()).toMatchObject({ status: 'stopped' })
    expect(await agent.stop()).toBeNull()
    const before = sent.splice(0)
    await tick()
    expect(sent).toEqual([])
    expect(before.length).toBeLessThanOrEqual(builds.length)
    expect((await start(EVERYTHING)).started).not.toBeNull()
    await tick()
    expect(sent).toEqual(builds)
  })

  test('with nothing to scan is completed at once', async () => {
    const { start, tick } = useAgent()
    await start(EVERYTHING)
    await tick()
    expect(await lastRun()).toMatchObject({ status: 'completed', builds_queued: 0 })
  })
})

test('a build that is scanned while the others are counted is reported once', async () => {
  const builds = await h.createFailedBuilds(3)
  const { agent, start, tick } = useAgent()
  const { started } = await start(EVERYTHING)
  await tick()
  const { backfill_id = 0, started_on = '' } = started ?? {}
  const counts = await runInDurableObject(agent, async (_, { storage }) => {
    const store = openStore(env.HYPERDRIVE.connectionString, { max: 1 })
    const countWith = (backfills: typeof store.backfills) =>
      backfillSteps({
        storage: agentStorage(storage),
        queue: env.BUILD_ERRORS_QUEUE,
        store: { backfills },
        run: { backfill_id, started_on: new Date(started_on), config: EVERYTHING },
        standstill_ms: 60_000,
      }).count()
    let asked = 0
    const interrupted = await countWith({
      ...store.backfills,
      async countUnscanned(...range) {
        const answer = await store.backfills.countUnscanned(...range)
        asked += 1
        // What remains has been counted, and is not known to the agent yet.
        if (asked === 2) {
          await store.buildErrorScans.replace(builds.map(scanOf))
          expect(await countWith(store.backfills)).toMatchObject({ builds_scanned: 3 })
        }
        return answer
      },
    })
    await store.end()
    return interrupted
  })
  expect(counts).toMatchObject({ builds_scanned: 0, builds_remaining: 3 })
})

describe('an interruption', () => {
  test('between the row and the own storage loses no run', async () => {
    const builds = await h.createFailedBuilds(2)
    await h.store.backfills.insert(EVERYTHING)
    const { start, tick, sent } = useAgent()
    expect((await start(EVERYTHING)).running).not.toBeNull()
    await tick()
    expect(sent).toEqual(builds)
  })

  test('by eviction goes on where it was', async () => {
    const builds = await h.createFailedBuilds(WINDOW + 50)
    const { start, tick, scan, sent, evict } = useAgent()
    await start(EVERYTHING)
    await tick()
    await scan(builds.slice(0, WINDOW))
    await evict()
    await tick()
    expect(sent).toEqual(builds)
  })

  test('of the queue, which loses messages, sends those again that were not scanned', async () => {
    const builds = await h.createFailedBuilds(30)
    const { start, tick, scan, sent, waiting, standStill } = useAgent()
    await start(EVERYTHING)
    await tick()
    await scan(builds.filter((_, index) => index % 3 > 0))
    waiting.clear()
    await tick()
    await standStill()
    await tick()
    const lost = builds.filter((_, index) => index % 3 === 0)
    expect(sent.slice(builds.length)).toEqual(lost)
    expect(await lastRun()).toMatchObject({ builds_queued: 30 })
    await scan(lost)
    await tick()
    expect(await lastRun()).toMatchObject({ status: 'completed' })
  })

  test.each([1, 2, 3, 4, 5])(
    'of any kind skips no build and reports the truth (schedule %i)',
    async (seed) => {
      const random = mulberry32(seed)
      const builds = await h.createFailedBuilds(80)
      const { agent, start, tick, scan, sent, waiting, evict, standStill } = useAgent()
      await start(EVERYTHING)
      const scanned = new Set<number>()
      for (let round = 0; (await lastRun())?.status === 'running'; round++) {
        expect(round).toBeLessThan(400)
        await tick()
        const kind = random()
        if (kind < 0.2) await evict()
        else if (kind < 0.4) {
          for (const build_id of waiting) if (random() < 0.5) waiting.delete(build_id)
        } else if (kind < 0.5 && sent.length > 0) await standStill()
        const batch = [...waiting].filter(() => random() < 0.3)
        await scan(batch)
        for (const build_id of batch) scanned.add(build_id)
        const progress = (await agent.getProgress())?.progress
        if (progress) expect(progress.builds_remaining).toBe(builds.length - scanned.size)
      }
      expect([...scanned].toSorted((a, b) => a - b)).toEqual(builds)
    },
  )
})

/** A small generator of repeatable numbers in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
