import { expect, test } from 'vitest'
import { logText } from './log-text.ts'

const lines = (count: number) =>
  Array.from({ length: count }, (_, i) => `line ${i} ${'x'.repeat(40)}`)

test('a short log is whole', () => {
  expect(logText(['a', 'b'], 1)).toBe('1: a\n2: b')
})

test('a long log keeps its beginning, its end and what is around the decisive line', () => {
  const text = logText(lines(100_000), 50_001)
  expect(text.length).toBeLessThan(42_000)
  for (const number of [0, 49_990, 50_000, 50_010, 99_999]) {
    expect(text).toContain(`${number + 1}: line ${number} `)
  }
  const shown = text.split('\n').filter((line) => line.startsWith('…'))
  const leftOut = shown.map((line) => Number(/\d+/.exec(line)?.[0]))
  expect(leftOut).toHaveLength(2)
  const kept = text.split('\n').length - shown.length
  expect(kept + leftOut.reduce((a, b) => a + b, 0)).toBe(100_000)
})

test('a line that is endless is cut', () => {
  expect(logText(['y'.repeat(1_000_000)], null).length).toBeLessThan(600)
})
