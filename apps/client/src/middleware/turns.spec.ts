import { describe, expect, test, vi } from 'vitest'
import { createTurns, type EndTurn, type TurnLimits } from './turns.ts'

const LIMITS: TurnLimits = { at_once: 2, waiting: 3, wait_ms: 60_000, turn_ms: 60_000 }

/** Asks for `count` turns of `key`; `have` lists those that were given, in their order. */
function ask(turns: ReturnType<typeof createTurns>, key: string, count: number) {
  const given: { index: number; end: EndTurn }[] = []
  const answers = Array.from({ length: count }, async (_, index) => {
    const end = await turns.take(key)
    if (end !== undefined) given.push({ index, end })
    return end !== undefined
  })
  const have = () => given.map(({ index }) => index)
  return {
    answers,
    have,
    end: (position: number) => given[position]?.end(),
    hasGiven: (count: number) => vi.waitFor(() => expect(have()).toHaveLength(count), 30_000),
  }
}

describe('turns', () => {
  test('a key has a few at once, and all of them in the end', async () => {
    const turns = createTurns(LIMITS)
    const asked = ask(turns, 'a', 5)
    await asked.hasGiven(2)
    expect(asked.have()).toEqual([0, 1])
    for (const ended of [0, 1, 2]) {
      asked.end(ended)
      await asked.hasGiven(3 + ended)
    }
    expect(await Promise.all(asked.answers)).toEqual([true, true, true, true, true])
    expect(asked.have().toSorted()).toEqual([0, 1, 2, 3, 4])
  })

  test('another key never waits for them', async () => {
    const turns = createTurns(LIMITS)
    const asked = ask(turns, 'a', 5)
    expect(await Promise.all(ask(turns, 'b', 2).answers)).toEqual([true, true])
    expect(asked.have()).toEqual([0, 1])
  })

  test('more than may wait are refused at once', async () => {
    const turns = createTurns(LIMITS)
    ask(turns, 'a', 5)
    expect(await turns.take('a')).toBeUndefined()
  })

  test('who waits too long is refused, and holds nobody up afterwards', async () => {
    const turns = createTurns({ ...LIMITS, wait_ms: 1 })
    const asked = ask(turns, 'a', 3)
    expect(await asked.answers[2]).toBe(false)
    asked.end(0)
    asked.end(1)
    expect(await Promise.all(ask(turns, 'a', 2).answers)).toEqual([true, true])
  })

  test('nobody overtakes who waits', async () => {
    const turns = createTurns(LIMITS)
    const asked = ask(turns, 'a', 3)
    await asked.hasGiven(2)
    asked.end(0)
    const late = ask(turns, 'a', 1)
    await asked.hasGiven(3)
    expect(late.have()).toEqual([])
  })

  test('a turn that was lost is given to somebody else, and ended late it ends no other', async () => {
    const turns = createTurns({ ...LIMITS, turn_ms: -1 })
    const lost = ask(turns, 'a', 2)
    await lost.hasGiven(2)
    const later = ask(turns, 'a', 2)
    await later.hasGiven(2)
    lost.end(0)
    lost.end(0)
    expect(later.have()).toEqual([0, 1])
  })
})
