import { expect, test } from 'vitest'
import { createRandom } from './random.ts'

test('the same seed gives the same numbers, another seed others', () => {
  const draw = (seed: number) => {
    const random = createRandom(seed)
    return Array.from({ length: 20 }, () => [random.integer(3, 9), random.pick(['a', 'b', 'c'])])
  }
  expect(draw(1)).toEqual(draw(1))
  expect(draw(1)).not.toEqual(draw(2))
})

test('numbers keep within their limits, and reach both', () => {
  const random = createRandom(7)
  const drawn = new Set(Array.from({ length: 500 }, () => random.integer(3, 9)))
  expect([...drawn].sort()).toEqual([3, 4, 5, 6, 7, 8, 9])
  expect(() => random.pick([])).toThrow('nothing to pick from')
})
