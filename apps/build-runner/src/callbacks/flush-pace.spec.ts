import { expect, test } from 'vitest'
import { FlushPace } from './flush-pace.ts'

/** Sends lines that are written at these times (ms); answers when each left, and how many flushes there were. */
function send(writtenOn: number[]) {
  const pace = new FlushPace()
  const delays: number[] = []
  let flushes = 0
  for (let from = 0; from < writtenOn.length; flushes++) {
    const first = writtenOn[from] ?? 0
    let to = from + 1
    let due = pace.dueOn({ first, last: first })
    for (let last = writtenOn[to]; last !== undefined && last <= due; last = writtenOn[to]) {
      due = pace.dueOn({ first, last })
      to++
    }
    pace.flushed(due)
    delays.push(...writtenOn.slice(from, to).map((written) => due - written))
    from = to
  }
  return { longest: Math.max(...delays), flushes }
}

const every = (ms: number, count: number) => Array.from({ length: count }, (_, i) => i * ms)

test('a line after a quiet time leaves at once', () => {
  expect(send([60_000])).toEqual({ longest: 50, flushes: 1 })
  expect(send(every(1_000, 60))).toEqual({ longest: 50, flushes: 60 })
})

test('lines that come together leave together', () => {
  expect(send([0, 10, 30, 60, 90, 5_000, 5_049])).toEqual({ longest: 140, flushes: 2 })
})

test('a burst that goes on does not hold its first lines', () => {
  expect(send(every(10, 16)).longest).toBe(150)
})

test.for([1, 5, 20, 100, 300])(
  'a build that writes every %d ms makes about a request a second',
  (ms) => {
    const seconds = 60
    const { flushes, longest } = send(every(ms, (seconds * 1_000) / ms))
    expect(flushes / seconds).toBeLessThanOrEqual(1.2)
    expect(longest).toBeLessThan(1_000)
  },
)

test('a quiet time gives back what a burst used up, and no more', () => {
  const hectic = every(100, 20)
  const after = hectic.map((ms) => 60_000 + ms)
  const late = hectic.map((ms) => 600_000 + ms)
  const once = send(hectic).flushes
  expect(send([...hectic, ...after, ...late]).flushes).toBe(3 * once)
})
