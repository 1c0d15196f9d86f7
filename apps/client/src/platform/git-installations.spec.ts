import { expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()

test('an installation is given to an account and taken back, by the platform alone', async () => {
  const { account_id } = await client.createTenant()
  const platform = await client.createToken({ is_platform: true })
  const own = await client.createToken({ accounts: [account_id] })
  const path = `/internal/accounts/${account_id}/github-installations/4711`
  const call = (method: string, token = platform, at = path) => client.call(at, { method, token })
  expect((await call('PUT', own)).status).toBe(403)
  expect(await client.store.gitInstallations.selectIds(account_id)).toEqual([])
  for (const _ of [1, 2]) {
    expect(await call('PUT')).toMatchObject({ status: 200, result: { installation_id: '4711' } })
  }
  expect(await client.store.gitInstallations.selectIds(account_id)).toEqual(['4711'])
  expect((await call('DELETE')).status).toBe(200)
  expect((await call('DELETE')).status).toBe(404)
  expect((await call('PUT', platform, path.replace(account_id, '0'.repeat(32)))).status).toBe(404)
  expect((await call('PUT', platform, path.replace('4711', "'or'1"))).status).toBe(404)
})
