import { expect, test } from 'vitest'
import { formatLines, parseLines } from './permalink.ts'

test.for([
  ['L12', { from: 12, to: 12 }],
  ['#L12-L20', { from: 12, to: 20 }],
  ['L20-L12', { from: 12, to: 20 }],
  ['L12-20', { from: 12, to: 20 }],
  ['L0', undefined],
  ['', undefined],
  ['L-5', undefined],
  ['L1x', undefined],
] as const)('%s names %o', ([hash, range]) => {
  expect(parseLines(hash)).toEqual(range)
})

test('what is formatted is read back', () => {
  for (const range of [
    { from: 3, to: 3 },
    { from: 3, to: 9 },
  ]) {
    expect(parseLines(formatLines(range))).toEqual(range)
  }
})
