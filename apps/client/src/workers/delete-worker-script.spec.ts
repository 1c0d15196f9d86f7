import { expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()

test('a Worker is erased by its name, with its builds, and by its own account only', async () => {
  const [tenant, other] = [await client.createTenant(), await client.createTenant()]
  await client.createBuild({ tenant })
  const [token, foreign] = await Promise.all(
    [tenant, other].map(({ account_id }) => client.createToken({ accounts: [account_id] })),
  )
  const remove = (account_id: string, token: string | undefined, name: string) =>
    client.call(`/client/v4/accounts/${account_id}/workers/scripts/${name}`, {
      method: 'DELETE',
      ...(token !== undefined && { token }),
    })
  const listed = await client.call(`/client/v4/accounts/${tenant.account_id}/workers/scripts`, {
    ...(token !== undefined && { token }),
  })
  const name = listed.result[0].id
  expect((await remove(other.account_id, foreign, name)).status).toBe(404)
  expect((await remove(tenant.account_id, foreign, name)).status).toBe(403)
  const asked = await remove(tenant.account_id, token, name)
  const { account_id, script_tag } = tenant
  expect(asked).toMatchObject({ status: 200, result: { account_id, script_tag } })
  const again = await remove(tenant.account_id, token, name)
  if (again.status === 200) expect(again.result.requested_on).toBe(asked.result.requested_on)
  else expect(again.status).toBe(404)
})
