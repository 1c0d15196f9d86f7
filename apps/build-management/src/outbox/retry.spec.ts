import { expect, test } from 'vitest'
import { MOST_ATTEMPTS, retrySeconds } from './retry.ts'

const delay = (attempts: number, random = 0.5, retryAfter: string | null = null) =>
  retrySeconds({ attempts, random, retryAfter })

test('each delay is four times the one before, up to half a day', () => {
  expect([1, 2, 3, 4].map((attempts) => delay(attempts))).toEqual([5, 20, 80, 320])
  expect(delay(9)).toBe(12 * 60 * 60)
})

test('the last try is about three days after the first', () => {
  const tries = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, index) => index + 1)
  const days = (random: number) =>
    tries.reduce((sum, attempts) => sum + (delay(attempts, random) ?? 0), 0) / 86_400
  expect(days(0)).toBeGreaterThan(2)
  expect(days(0.5)).toBeCloseTo(2.8, 1)
  expect(days(1)).toBeLessThan(4)
  expect(delay(MOST_ATTEMPTS)).toBeNull()
})

test('chance moves a delay by a fifth at most', () => {
  expect(delay(2, 0)).toBeCloseTo(16)
  expect(delay(2, 1)).toBeCloseTo(24)
})

test.each([
  ['60', 60],
  ['1', 5],
  ['999999999', 24 * 60 * 60],
  ['Wed, 21 Oct 2026 07:28:00 GMT', 5],
  ['-1', 5],
])('a receiver that asks for %s gets %i s', (asked, expected) => {
  expect(delay(1, 0.5, asked)).toBe(expected)
})
