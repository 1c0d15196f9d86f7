import { createHarness } from '@workers-builds/store/testing'
import { expect, test } from 'vitest'
import { createTenant } from '../support/tenant.ts'
import { useSharedStack } from './use-shared-stack.ts'

const READS = 300

const stack = useSharedStack()

test('300 lists read at once with one token are all answered, and so is another account', async () => {
  const other = await createTenant(stack)
  const { account_id } = stack
  const token = await createHarness(stack.sql).createToken({
    accounts: [account_id],
    permission: 'read',
  })
  const read = async (account: string, bearer: string) => {
    const response = await fetch(`${stack.url}/client/v4/accounts/${account}/builds/tokens`, {
      headers: { authorization: `Bearer ${bearer}` },
    })
    await response.body?.cancel()
    return response.status
  }
  const many = Array.from({ length: READS }, () => read(account_id, token))
  expect(await read(other.account_id, other.token)).toBe(200)
  expect(new Set(await Promise.all(many))).toEqual(new Set([200]))
})
