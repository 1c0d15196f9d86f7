import { expect, test } from 'vitest'
import { singleFlight } from './single-flight.ts'

function slowWork() {
  const runs: PromiseWithResolvers<void>[] = []
  const call = singleFlight(() => {
    const run = Promise.withResolvers<void>()
    runs.push(run)
    return run.promise
  })
  return { call, runs }
}

test('calls while it runs have it run once more, after', async () => {
  const { call, runs } = slowWork()
  const calls = [call(), call(), call()]
  expect(runs).toHaveLength(1)
  runs[0]?.resolve()
  await expect.poll(() => runs.length, { timeout: 30_000 }).toBe(2)
  runs[1]?.resolve()
  await Promise.all(calls)
  expect(runs).toHaveLength(2)
})

test('after a run that failed the next call runs it again', async () => {
  const { call, runs } = slowWork()
  const failing = call()
  runs[0]?.reject(new Error('the database is away'))
  await expect(failing).rejects.toThrow('away')
  const next = call()
  expect(runs).toHaveLength(2)
  runs[1]?.resolve()
  await next
})
