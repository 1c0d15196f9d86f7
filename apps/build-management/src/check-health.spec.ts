import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { Patience } from '@workers-builds/contracts'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { checkHealth } from './check-health.ts'
import { getScheduler } from './stubs.ts'
import { useBuildManagement } from './testing/build-management-harness.ts'

useBuildManagement()

/** The environment with a queue that has these metrics. */
const withQueue = (metrics: Partial<QueueMetrics>): Env => ({
  ...env,
  BUILD_ERRORS_QUEUE: {
    ...env.BUILD_ERRORS_QUEUE,
    metrics: async () => ({ backlogCount: 0, backlogBytes: 0, ...metrics }),
  },
})

describe('the health of build-management', () => {
  test('is reported although no compute host listens', async () => {
    expect(await checkHealth(env)).toMatchObject({
      build_errors_queue: 'ok',
      compute_host: 'failing',
    })
  })

  test('has Scheduler starting before anybody woke it, and well from its first pass until that is too long ago', async () => {
    const scheduler = getScheduler(env)
    const warnings = vi.spyOn(console, 'log')
    onTestFinished(() => warnings.mockRestore())
    expect((await checkHealth(env)).scheduler).toBe('starting')
    expect(JSON.stringify(warnings.mock.calls)).not.toContain('"part":"scheduler"')
    await runDurableObjectAlarm(scheduler)
    expect((await checkHealth(env)).scheduler).toBe('ok')
    await runInDurableObject(scheduler, async (_, state) => {
      await state.storage.setAlarm(Date.now() + 60_000)
      state.storage.kv.put('passed_on', Date.now() - 61_000)
    })
    expect((await checkHealth(env)).scheduler).toBe('failing')
    // It starts again: its alarm is not set, or was due long ago.
    await runInDurableObject(scheduler, (_, state) => state.storage.deleteAlarm())
    expect((await checkHealth(env)).scheduler).toBe('starting')
  })

  test('has Scheduler failing when no pass ends well for too long after its start', async () => {
    const scheduler = getScheduler(env)
    expect((await checkHealth(env)).scheduler).toBe('starting')
    await runInDurableObject(scheduler, async (_, state) => {
      state.storage.kv.put('awaited_since', Date.now() - 61_000)
      // Lost again and again: being asked arms it, and is no pass.
      await state.storage.deleteAlarm()
    })
    expect((await checkHealth(env)).scheduler).toBe('failing')
  })

  test("takes Scheduler's pass for too old after the patience that is configured", async () => {
    const scheduler = getScheduler(env)
    const healthAfter = async (age_ms: number, PATIENCE: Partial<Patience>) => {
      await runInDurableObject(scheduler, (_, state) => {
        state.storage.kv.put('passed_on', Date.now() - age_ms)
      })
      return (await checkHealth({ ...env, PATIENCE })).scheduler
    }
    expect(await healthAfter(59_000, {})).toBe('ok')
    expect(await healthAfter(3_000, { latestPassMs: 2_000 })).toBe('failing')
  })

  test.each([
    [{ backlogCount: 2_000 }, 'ok'],
    [{ backlogCount: 10_001 }, 'failing'],
    [{ backlogCount: 1, oldestMessageTimestamp: new Date(Date.now() - 600_000) }, 'failing'],
    [{ backlogCount: 0, oldestMessageTimestamp: new Date(0) }, 'ok'],
  ])('with a queue of %j is %s', async (metrics, status) => {
    expect((await checkHealth(withQueue(metrics))).build_errors_queue).toBe(status)
  })
})
