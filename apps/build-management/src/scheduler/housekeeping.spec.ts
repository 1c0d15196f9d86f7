import { DEFAULT_PATIENCE } from '@workers-builds/contracts'
import { expect, test } from 'vitest'
import { Housekeeping } from './housekeeping.ts'

function useHousekeeping() {
  const housekeeping = new Housekeeping(DEFAULT_PATIENCE)
  const state = { isBroken: true, isDatabaseAway: false, done: [] as string[] }
  const away = () => Promise.reject(new Error('the database is away'))
  return {
    state,
    housekeeping,
    /** Answers what was done at this time. */
    async runAt(now: number) {
      state.done = []
      await housekeeping.run({
        chores: {
          broken: async () => {
            state.done.push('broken')
            if (state.isBroken) throw new Error('broken')
          },
          sound: async () => void state.done.push('sound'),
        },
        ping: async () => (state.isDatabaseAway ? await away() : undefined),
        now,
      })
      return state.done
    },
  }
}

test('a chore that fails holds up no other, and is left out longer each time', async () => {
  const { housekeeping, runAt } = useHousekeeping()
  expect(await runAt(0)).toEqual(['broken', 'sound'])
  expect(housekeeping.isFailing).toBe(true)
  expect(await runAt(999)).toEqual(['sound'])
  expect(await runAt(1_000)).toEqual(['broken', 'sound'])
  expect(await runAt(2_999)).toEqual(['sound'])
  expect(await runAt(3_000)).toEqual(['broken', 'sound'])
})

test('a chore that works again is done every time', async () => {
  const { housekeeping, state, runAt } = useHousekeeping()
  await runAt(0)
  state.isBroken = false
  await runAt(1_000)
  expect(housekeeping.isFailing).toBe(false)
  expect(await runAt(1_001)).toEqual(['broken', 'sound'])
})

test('without a database the whole run fails, and no chore is blamed', async () => {
  const { housekeeping, state, runAt } = useHousekeeping()
  state.isDatabaseAway = true
  await expect(async () => await runAt(0)).rejects.toThrow('the database is away')
  expect(housekeeping.isFailing).toBe(false)
})
