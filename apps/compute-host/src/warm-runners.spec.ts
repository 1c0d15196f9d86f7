import { EventEmitter, once } from 'node:events'
import { expect, test } from 'vitest'
import type { BuildProcess } from './build-process.ts'
import { WarmRunners } from './warm-runners.ts'

/** Stands in for a process; that real ones begin builds is tested with the host. */
class FakeRunner {
  isWaiting = true
  ended = false
  end = async () => {
    this.ended = true
  }
}

function keepWarm(count: number) {
  const made: FakeRunner[] = []
  const events = new EventEmitter()
  const logLines: string[] = []
  const warm = new WarmRunners({
    count,
    startRunner: async () => {
      const runner = new FakeRunner()
      made.push(runner)
      events.emit('made')
      return runner as unknown as BuildProcess
    },
    log: (line) => logLines.push(line),
  })
  const untilMade = async (total: number) => {
    while (made.length < total) await once(events, 'made')
    await Promise.resolve()
  }
  return { warm, made, untilMade, logLines }
}

test('each serves one build, and is replaced', async () => {
  const { warm, untilMade } = keepWarm(2)
  await untilMade(2)
  const [first, second] = [warm.take(), warm.take()]
  expect(first).toBeDefined()
  expect(second).not.toBe(first)
  expect(warm.take()).toBeUndefined()
  await untilMade(4)
  expect(warm.take()).toBeDefined()
  await warm.end()
})

test('one that has died meanwhile is not given out', async () => {
  const { warm, made, untilMade } = keepWarm(2)
  await untilMade(2)
  const [dead, alive] = made
  if (dead) dead.isWaiting = false
  expect(warm.take()).toBe(alive)
  await warm.end()
})

test('those that wait are ended with the host, and none is made after', async () => {
  const { warm, made, untilMade } = keepWarm(3)
  await untilMade(3)
  warm.take()
  await warm.end()
  expect(made.map((runner) => runner.ended)).toEqual([false, true, true])
  expect(warm.take()).toBeUndefined()
  expect(made).toHaveLength(3)
})

test('none are made where none are wanted', async () => {
  const { warm, made } = keepWarm(0)
  expect(warm.take()).toBeUndefined()
  await warm.end()
  expect(made).toEqual([])
})
