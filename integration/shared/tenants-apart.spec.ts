import { createHarness } from '@workers-builds/store/testing'
import { expect, test } from 'vitest'
import { createTenant } from '../support/tenant.ts'
import { useSharedStack } from './use-shared-stack.ts'

const READS = 300

const stack = useSharedStack()

test('300 lists read at once with one token are all answered, and another account long before the last', async () => {
  const other = await createTenant(stack)
  const { account_id } = stack
  const token = await createHarness(stack.sql).createToken({
    accounts: [account_id],
    permission: 'read',
  })
  const answered: string[] = []
  const read = async (account: string, bearer: string) => {
    const response = await fetch(`${stack.url}/client/v4/accounts/${account}/builds/tokens`, {
      headers: { authorization: `Bearer ${bearer}` },
    })
    await response.body?.cancel()
    answered.push(account)
    return response.status
  }
  const many = Array.from({ length: READS }, () => read(account_id, token))
  expect(await read(other.account_id, other.token)).toBe(200)
  // A machine that is busy enough tells the last of them to try again.
  for (const status of await Promise.all(many)) expect([200, 429]).toContain(status)
  expect(answered.indexOf(other.account_id)).toBeLessThan(READS / 2)
})
