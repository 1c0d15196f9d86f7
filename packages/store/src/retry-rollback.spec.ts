import { expect, test } from 'vitest'
import { useDatabase } from './testing/database.ts'

const harness = useDatabase()
const { store, sql } = harness

test('two transactions that deadlock both succeed', async () => {
  const tags = [
    (await harness.createTenant()).script_tag,
    (await harness.createTenant()).script_tag,
  ]
  const bothHoldOne = Promise.withResolvers<void>()
  let holding = 0
  let attempts = 0
  const lockInTurn = (order: string[]) =>
    store.transaction(async (tx) => {
      attempts++
      for (const script_tag of order) {
        const [owner] = await sql<{ account_id: string }[]>`
          select account_id from workers where script_tag = ${script_tag}`
        await tx.workers.lock({ account_id: owner?.account_id ?? '', script_tag })
        if (++holding === 2) bothHoldOne.resolve()
        await bothHoldOne.promise
      }
    })
  await Promise.all([lockInTurn(tags), lockInTurn(tags.toReversed())])
  expect(attempts).toBe(3)
})

test('whatever else goes wrong is thrown at once', async () => {
  let attempts = 0
  const work = store.transaction(async () => {
    attempts++
    throw new Error('mine')
  })
  await expect(work).rejects.toThrow('mine')
  expect(attempts).toBe(1)
})
