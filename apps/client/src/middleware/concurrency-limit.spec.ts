import { describe, expect, test, vi } from 'vitest'
import {
  type ConcurrencyLimits,
  createConcurrencyLimit,
  type Release,
} from './concurrency-limit.ts'

const LIMITS: ConcurrencyLimits = {
  concurrency: 2,
  queue_length: 3,
  wait_ms: 60_000,
  hold_ms: 60_000,
}

/** Asks for `count` slots of `key`; `have` lists those that were given, in their order. */
function ask(limit: ReturnType<typeof createConcurrencyLimit>, key: string, count: number) {
  const given: { index: number; release: Release }[] = []
  const answers = Array.from({ length: count }, async (_, index) => {
    const release = await limit.acquire(key)
    if (release !== undefined) given.push({ index, release })
    return release !== undefined
  })
  const have = () => given.map(({ index }) => index)
  return {
    answers,
    have,
    release: (position: number) => given[position]?.release(),
    hasGiven: (count: number) => vi.waitFor(() => expect(have()).toHaveLength(count), 30_000),
  }
}

describe('a limit of concurrency', () => {
  test('a key has a few at once, and all of them in the end', async () => {
    const limit = createConcurrencyLimit(LIMITS)
    const asked = ask(limit, 'a', 5)
    await asked.hasGiven(2)
    expect(asked.have()).toEqual([0, 1])
    for (const ended of [0, 1, 2]) {
      asked.release(ended)
      await asked.hasGiven(3 + ended)
    }
    expect(await Promise.all(asked.answers)).toEqual([true, true, true, true, true])
    expect(asked.have().toSorted()).toEqual([0, 1, 2, 3, 4])
  })

  test('another key never waits for them', async () => {
    const limit = createConcurrencyLimit(LIMITS)
    const asked = ask(limit, 'a', 5)
    expect(await Promise.all(ask(limit, 'b', 2).answers)).toEqual([true, true])
    expect(asked.have()).toEqual([0, 1])
  })

  test('more than may wait are refused at once', async () => {
    const limit = createConcurrencyLimit(LIMITS)
    ask(limit, 'a', 5)
    expect(await limit.acquire('a')).toBeUndefined()
  })

  test('who waits too long is refused, and holds nobody up afterwards', async () => {
    const limit = createConcurrencyLimit({ ...LIMITS, wait_ms: 1 })
    const asked = ask(limit, 'a', 3)
    expect(await asked.answers[2]).toBe(false)
    asked.release(0)
    asked.release(1)
    expect(await Promise.all(ask(limit, 'a', 2).answers)).toEqual([true, true])
  })

  test('nobody overtakes who waits', async () => {
    const limit = createConcurrencyLimit(LIMITS)
    const asked = ask(limit, 'a', 3)
    await asked.hasGiven(2)
    asked.release(0)
    const late = ask(limit, 'a', 1)
    await asked.hasGiven(3)
    expect(late.have()).toEqual([])
  })

  test('a slot that was lost is given to somebody else, and released late it releases no other', async () => {
    const limit = createConcurrencyLimit({ ...LIMITS, hold_ms: -1 })
    const lost = ask(limit, 'a', 2)
    await lost.hasGiven(2)
    const later = ask(limit, 'a', 2)
    await later.hasGiven(2)
    lost.release(0)
    lost.release(0)
    expect(later.have()).toEqual([0, 1])
  })
})
