import { describe, expect, test } from 'vitest'
import { BUILDS_PER_SELECT, roomToSend, STANDSTILL_MS, standstillAfter, WINDOW } from './pace.ts'

const idle = { under_way: 0, backlog: 0, builds_per_second: null, elapsed_ms: 0, sent: 0 }

describe('roomToSend', () => {
  test.each([
    ['a select full when nothing is under way', idle, BUILDS_PER_SELECT],
    ['nothing when the window is full', { ...idle, under_way: WINDOW }, 0],
    ['what the window leaves', { ...idle, under_way: WINDOW - 7 }, 7],
    ['what the queue leaves, when others fill it', { ...idle, backlog: WINDOW - 3 }, 3],
    ['never less than nothing', { ...idle, backlog: WINDOW * 5 }, 0],
    ['nothing before a slow run may send', { ...idle, builds_per_second: 1, elapsed_ms: 999 }, 0],
    [
      'what the chosen rate allows',
      { ...idle, builds_per_second: 50, elapsed_ms: 10_000, sent: 480 },
      20,
    ],
  ])('%s', (_, now, room) => {
    expect(roomToSend(now)).toBe(room)
  })
})

describe('standstillAfter', () => {
  const before = { since: 1_000, under_way: 10 }

  test('a scan, or something sent, starts the clock again', () => {
    const now = 1_000 + STANDSTILL_MS * 2
    expect(standstillAfter(before, { under_way: 9, sent: false, now })).toMatchObject({
      since: now,
      lost: false,
    })
    expect(standstillAfter(before, { under_way: 12, sent: true, now }).lost).toBe(false)
    expect(standstillAfter(null, { under_way: 12, sent: false, now }).lost).toBe(false)
  })

  test('with nothing under way nothing is lost', () => {
    const now = 1_000 + STANDSTILL_MS * 2
    expect(
      standstillAfter({ since: 0, under_way: 0 }, { under_way: 0, sent: false, now }).lost,
    ).toBe(false)
  })

  test('what is not scanned for a minute is lost, and then given a minute again', () => {
    const at = (now: number) => standstillAfter(before, { under_way: 10, sent: false, now })
    expect(at(1_000 + STANDSTILL_MS - 1)).toMatchObject({ since: 1_000, lost: false })
    expect(at(1_000 + STANDSTILL_MS)).toMatchObject({ since: 1_000 + STANDSTILL_MS, lost: true })
  })
})
