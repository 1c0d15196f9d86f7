import { expect, test } from 'vitest'
import { retryDelaySeconds } from './retry-delay.ts'

test.each([
  ['unstored', 1, 10],
  ['unreadable', 2, 20],
  ['unstored', 8, 300],
  ['incomplete', 5, 30],
] as const)(
  'a build that is %s is looked at again after look %i in %i s',
  (trouble, look, seconds) => {
    expect(retryDelaySeconds(trouble, look)).toBe(seconds)
  },
)
