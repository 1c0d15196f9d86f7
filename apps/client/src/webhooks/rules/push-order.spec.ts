import { describe, expect, test } from 'vitest'
import { isPushedAfter, isSamePush } from './push-order.ts'

const at = (seconds: number) => new Date(seconds * 1000)
const push = (push_before: string, commit_hash: string, seconds = 0) => ({
  push_before,
  commit_hash,
  pushed_on: at(seconds),
})

test.each([
  ['one that begins where the other ended', push('b', 'c'), push('a', 'b'), true],
  ['one that ends where the other begins', push('a', 'b'), push('b', 'c'), false],
  ['the chain counts more than the clock', push('b', 'c', 1), push('a', 'b', 9), true],
  ['there and back again: the clock tells', push('b', 'a', 2), push('a', 'b', 1), true],
  ['not touching: the clock tells', push('x', 'y', 1), push('a', 'b', 2), false],
  ['not touching, in the same second', push('x', 'y', 1), push('a', 'b', 1), undefined],
])('%s', (_, later, earlier, expected) => {
  expect(isPushedAfter(later, earlier)).toBe(expected)
})

describe('the same push', () => {
  const now = at(1_000)
  const earlier = { ...push('a', 'b', 500), created_on: at(900) }
  const others = (...followers: { push_before: string; commit_hash: string }[]) => [
    earlier,
    ...followers.map((follower) => ({ ...follower, pushed_on: at(600) })),
  ]
  const unclocked = (before: string, after: string) => ({ ...push(before, after), pushed_on: null })

  test.each([
    ['by the clock', push('a', 'b', 500), others(), true],
    ['at another time', push('a', 'b', 501), others(), false],
    ['to another commit', push('a', 'c', 500), others(), false],
    ['from another commit', push('x', 'b', 500), others(), false],
    ['without a clock, while nothing followed', unclocked('a', 'b'), others(), true],
    ['without a clock, pushed back between', unclocked('a', 'b'), others(push('b', 'a')), false],
  ])('%s', (_, later, known, expected) => {
    expect(isSamePush(later, earlier, { others: known, now })).toBe(expected)
  })

  test('without a clock, much later, is another', () => {
    const options = { others: others(), now: at(9_000) }
    expect(isSamePush(unclocked('a', 'b'), earlier, options)).toBe(false)
  })
})
