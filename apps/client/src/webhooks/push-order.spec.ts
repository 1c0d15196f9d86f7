import { expect, test } from 'vitest'
import { isPushedAfter } from './push-order.ts'

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
