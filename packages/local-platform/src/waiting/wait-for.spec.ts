import { describe, expect, test } from 'vitest'
import { lookUntil, waitFor } from './wait-for.ts'

/** Answers what is next on each call, and throws what is an error. */
function looks(...answers: unknown[]) {
  return async () => {
    const answer = answers.shift()
    if (answer instanceof Error) throw answer
    return answer
  }
}

describe('waitFor', () => {
  test('returns the first thing found', async () => {
    expect(await waitFor('it', looks(undefined, false, 0), { pauseMs: 1 })).toBe(0)
  })

  test('names what it waited for, and the last error', async () => {
    const options = { timeoutMs: 5, pauseMs: 1 }
    await expect(waitFor('a build', looks(), options)).rejects.toThrow('Waited 5 ms for a build')
    const failing = async () => {
      throw new Error('it is down')
    }
    await expect(waitFor('a build', failing, { ...options, ignoreErrors: true })).rejects.toThrow(
      'Waited 5 ms for a build: it is down',
    )
  })

  test('passes an error on at once, unless errors are to be ignored', async () => {
    const down = new Error('it is down')
    await expect(waitFor('it', looks(down, 'up'))).rejects.toBe(down)
    expect(await waitFor('it', looks(down, 'up'), { pauseMs: 1, ignoreErrors: true })).toBe('up')
  })

  test('ends with the reason of the signal', async () => {
    const controller = new AbortController()
    const waiting = waitFor('it', looks(), { signal: controller.signal, pauseMs: 60_000 })
    controller.abort(new Error('stopped'))
    await expect(waiting).rejects.toThrow('stopped')
  })
})

test('lookUntil returns the last result, done or not', async () => {
  let looked = 0
  const look = () => ++looked
  const options = { timeoutMs: 5, pauseMs: 1 }
  expect(await lookUntil(look, (count) => count === 2, options)).toBe(2)
  expect(await lookUntil(look, () => false, options)).toBe(looked)
})
