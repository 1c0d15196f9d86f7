import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'
import { networkOf } from './rate-limits.ts'

const client = useClient()

/** An address of the range for documentation, new each time. */
const anAddress = () =>
  `2001:db8:${crypto.randomUUID().slice(0, 4)}:${crypto.randomUUID().slice(0, 4)}::1`

/** Spends what there is for this minute, and for the next one should it begin meanwhile. */
async function spend(limit: RateLimit, key: string): Promise<void> {
  for (;;) {
    const taken = await Promise.all(Array.from({ length: 500 }, () => limit.limit({ key })))
    if (taken.some(({ success }) => !success)) return
  }
}

test('who fails to authenticate too often has to wait; who succeeds does not', async () => {
  const address = anAddress()
  const call = (token: string, from = address) =>
    client.call('/internal/build-errors/top', { token, headers: { 'cf-connecting-ip': from } })
  expect((await call('wrong')).status).toBe(401)
  await spend(env.FAILED_AUTH_LIMIT, networkOf(address))
  const refused = await call('wrong')
  expect(refused).toMatchObject({ status: 429, success: false, errors: [{ code: 12051 }] })
  expect(refused.headers.get('retry-after')).toBe('60')
  expect(refused.errors[0]?.message).toContain('failed to authenticate')

  const token = await client.createToken({ is_platform: true })
  expect((await call(token)).status).toBe(200)
  expect((await call('wrong', anAddress())).status).toBe(401)
})

test('a caller with too many requests has to wait; another one does not', async () => {
  const { account_id, script_tag } = await client.createTenant()
  const token = await client.createToken({ accounts: [account_id] })
  const path = `/client/v4/accounts/${account_id}/builds/workers/${script_tag}/builds`
  expect((await client.call(path, { token })).status).toBe(200)
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
  await spend(env.CALLER_LIMIT, `token ${Buffer.from(digest).toString('hex')}`)
  const refused = await client.call(path, { token })
  expect(refused).toMatchObject({ status: 429, errors: [{ code: 12051 }] })
  expect(refused.headers.get('retry-after')).toBe('60')
  const other = await client.createToken({ accounts: [account_id] })
  expect((await client.call(path, { token: other })).status).toBe(200)
})

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['2001:db8:1:2:3::', '2001:db8:1:2'],
])('requests from %s are counted under %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
