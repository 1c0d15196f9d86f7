import { env } from 'cloudflare:workers'
import { Health } from '@workers-builds/contracts'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()

const WELL = {
  postgres: 'ok',
  migrations: 'ok',
  build_management: 'ok',
  scheduler: 'ok',
  build_errors_queue: 'ok',
  compute_host: 'ok',
  build_errors: 'ok',
}

/** Has the stand-in for build-management answer in this way. */
async function behave(as: 'well' | 'starting' | 'hanging' | 'without compute') {
  await (env.BUILD_MANAGEMENT as unknown as { behave(as: string): Promise<void> }).behave(as)
}

afterEach(() => behave('well'))

/** Answers are kept a few seconds: what is now is seen then. */
async function healthWith(parts: Record<string, string>) {
  return await vi.waitFor(
    async () => {
      const answer = await client.call('/health')
      expect(Health.parse(answer.result).parts).toEqual({ ...WELL, ...parts })
      return answer
    },
    { timeout: 30_000, interval: 100 },
  )
}

describe('health', () => {
  test('is 200, for anybody, when every part is well', async () => {
    const { status, result, headers } = await healthWith({})
    expect([status, result.healthy]).toEqual([200, true])
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('is 200 while a part is just starting, and names it', async () => {
    await behave('starting')
    const { status, result } = await healthWith({ scheduler: 'starting' })
    expect([status, result.healthy]).toEqual([200, true])
  })

  test('is 503 and names the part that is not', async () => {
    await behave('without compute')
    const { status, result, errors, headers } = await healthWith({ compute_host: 'failing' })
    expect([status, result.healthy]).toEqual([503, false])
    expect(errors[0]?.message).toContain('compute_host (failing)')
    expect(headers.get('retry-after')).toBe('3')
  })

  test('is reported although a part hangs, with the parts that could not be asked', async () => {
    await behave('hanging')
    const { status } = await healthWith({
      build_management: 'failing',
      scheduler: 'unknown',
      build_errors_queue: 'unknown',
      compute_host: 'unknown',
    })
    expect(status).toBe(503)
  })

  test('reports a database that lacks a migration', async () => {
    await client.sql`update schema_migrations set version = 'x0004' where version = '0004'`
    try {
      expect((await healthWith({ migrations: 'failing' })).status).toBe(503)
    } finally {
      await client.sql`update schema_migrations set version = '0004' where version = 'x0004'`
    }
  })

  test('asks the parts once, however many ask for it', async () => {
    await healthWith({})
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.call('/health')))
    const asked = new Set(answers.map(({ result }) => Health.parse(result).checked_on))
    expect(asked.size).toBeLessThan(4)
  })
})
