import { expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()

test("Workers are listed by name, page by page, the account's own alone", async () => {
  const [{ account_id }] = [await client.createTenant(), await client.createTenant()]
  const token = await client.createToken({ accounts: [account_id] })
  const path = `/client/v4/accounts/${account_id}/workers`
  for (const name of ['zebra', 'ant', 'bear']) {
    const { status } = await client.call(`${path}/workers`, {
      method: 'POST',
      token,
      body: JSON.stringify({ name }),
    })
    expect(status).toBe(201)
  }
  const list = async (query = '') => await client.call(`${path}/scripts${query}`, { token })
  const all = await list()
  expect(all.result_info).toMatchObject({ count: 4, total_count: 4, next_page: false })
  const names: string[] = all.result.map(({ id }: { id: string }) => id)
  expect(names).toEqual(names.toSorted())
  const second = await list('?per_page=3&page=2')
  expect(second.result.map(({ id }: { id: string }) => id)).toEqual(names.slice(3))
  expect((await list('?per_page=1001')).status).toBe(400)
})
