import { describe, expect, test } from 'vitest'
import { BUILDS_PER_SELECT, pacedUntil, roomToSend, standstillAfter, WINDOW } from './pace.ts'

const free = { builds_per_second: null, paced_until: 0, now: 0 }
const idle = { under_way: 0, backlog: 0, rate: free }

describe('roomToSend', () => {
  test.each([
    ['a select full when nothing is under way', idle, BUILDS_PER_SELECT],
    ['nothing when the window is full', { ...idle, under_way: WINDOW }, 0],
    ['what the window leaves, by whole batches', { ...idle, under_way: WINDOW - 307 }, 300],
    ['nothing while less than a batch fits', { ...idle, under_way: WINDOW - 99 }, 0],
    ['what the queue leaves, when others fill it', { ...idle, backlog: WINDOW - 203 }, 200],
    ['never less than nothing', { ...idle, backlog: WINDOW * 5 }, 0],
  ])('%s', (_, now, room) => {
    expect(roomToSend(now)).toBe(room)
  })
})

describe('a chosen rate', () => {
  const room = (builds_per_second: number, since_ms: number) =>
    roomToSend({
      ...idle,
      rate: { builds_per_second, paced_until: 50_000, now: 50_000 + since_ms },
    })

  test.each([
    ['nothing before the first is due', 1, 999, 0],
    ['one when it is', 1, 1_000, 1],
    ['what was due since', 50, 500, 25],
    ['no more than a second of what was missed while sending was impossible', 50, 60_000, 50],
  ])('allows %s', (_, builds_per_second, since_ms, allowed) => {
    expect(room(builds_per_second, since_ms)).toBe(allowed)
  })

  test('is kept however often and late one asks', () => {
    let paced_until = 0
    let sent = 0
    for (let now = 0; now <= 60_000; now += 1 + ((now * 7) % 1_900)) {
      const rate = { builds_per_second: 30, paced_until, now }
      const count = roomToSend({ ...idle, rate })
      paced_until = pacedUntil(rate, count)
      sent += count
      expect(sent).toBeLessThanOrEqual((30 * now) / 1_000 + 30)
    }
    expect(sent).toBeGreaterThan(30 * 30)
  })
})

describe('standstillAfter', () => {
  const before = { since: 1_000, under_way: 10 }
  const standstill_ms = 60_000

  test('a scan, or something sent, starts the clock again', () => {
    const now = 1_000 + standstill_ms * 2
    expect(
      standstillAfter(before, { under_way: 9, sent: false, now, standstill_ms }),
    ).toMatchObject({
      since: now,
      lost: false,
    })
    expect(standstillAfter(before, { under_way: 12, sent: true, now, standstill_ms }).lost).toBe(
      false,
    )
    expect(standstillAfter(null, { under_way: 12, sent: false, now, standstill_ms }).lost).toBe(
      false,
    )
  })

  test('with nothing under way nothing is lost', () => {
    const now = 1_000 + standstill_ms * 2
    expect(
      standstillAfter({ since: 0, under_way: 0 }, { under_way: 0, sent: false, now, standstill_ms })
        .lost,
    ).toBe(false)
  })

  test('what is not scanned for a minute is lost, and then given a minute again', () => {
    const at = (now: number) =>
      standstillAfter(before, { under_way: 10, sent: false, now, standstill_ms })
    expect(at(1_000 + standstill_ms - 1)).toMatchObject({ since: 1_000, lost: false })
    expect(at(1_000 + standstill_ms)).toMatchObject({ since: 1_000 + standstill_ms, lost: true })
  })
})
