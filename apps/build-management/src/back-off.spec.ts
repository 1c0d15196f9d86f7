import { DEFAULT_PATIENCE } from '@workers-builds/contracts'
import { expect, test } from 'vitest'
import { backOffMs } from './back-off.ts'

const pauses = (patience = DEFAULT_PATIENCE) =>
  [1, 2, 3, 4, 5, 6, 7, 50].map((failures) => backOffMs(failures, patience))

test('a pause doubles with each failure, from 1 s up to 30 s', () => {
  expect(pauses()).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
})

test('both ends can be configured', () => {
  const patience = { ...DEFAULT_PATIENCE, backOffFirstMs: 10, backOffLongestMs: 50 }
  expect(pauses(patience)).toEqual([10, 20, 40, 50, 50, 50, 50, 50])
})
