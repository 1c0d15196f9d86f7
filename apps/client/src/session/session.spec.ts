import { env } from 'cloudflare:workers'
import { Session } from '@workers-builds/contracts'
import { parseKeyring } from '@workers-builds/sealing'
import { describe, expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()
const PATH = '/client/v4/session'
const JSON_TYPE = { 'content-type': 'application/json' }

async function signIn({ permission = 'write' }: { permission?: 'read' | 'write' } = {}) {
  const tenant = await client.createTenant()
  const token = await client.createToken({ accounts: [tenant.account_id], permission })
  const response = await client.fetch(PATH, {
    method: 'POST',
    headers: JSON_TYPE,
    body: JSON.stringify({ token }),
  })
  const header = response.headers.get('set-cookie') ?? ''
  const [cookie = ''] = header.split(';')
  const { result } = await response.json<{ result: unknown }>()
  return { tenant, token, cookie, header, status: response.status, session: Session.parse(result) }
}

describe('signing in', () => {
  test('with a token sets a cookie that no script can read, nor another page send', async () => {
    const { tenant, token, header, status, session } = await signIn()
    expect(status).toBe(201)
    expect(header).toMatch(
      /^__Host-session=v1\.[^;]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    expect(header).not.toContain(token)
    expect(session).toMatchObject({
      is_platform: false,
      accounts: [
        { account_id: tenant.account_id, account_name: expect.any(String), permission: 'write' },
      ],
      csrf_token: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  test.for([
    [{ token: 'no-such-token' }, 401],
    [{ token: '' }, 400],
    [{}, 400],
    [{ token: 'x', remember: true }, 400],
  ] as const)('with %j is refused', async ([body, expected]) => {
    const response = await client.fetch(PATH, {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify(body),
    })
    expect(response.status).toBe(expected)
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  test('from a page of another origin is refused', async () => {
    const { token } = await signIn()
    for (const headers of [
      { ...JSON_TYPE, origin: 'https://evil.example' },
      { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' },
      { 'content-type': 'text/plain' },
    ]) {
      const response = await client.fetch(PATH, {
        method: 'POST',
        headers,
        body: JSON.stringify({ token }),
      })
      expect([403, 415]).toContain(response.status)
      expect(response.headers.get('set-cookie')).toBeNull()
    }
  })
})

describe('the cookie', () => {
  const limits = (account_id: string) => `/client/v4/accounts/${account_id}/builds/account/limits`

  test('reads what its token may read, and nothing else', async () => {
    const { tenant, cookie } = await signIn()
    const other = await client.createTenant()
    const read = async (account_id: string) =>
      (await client.fetch(limits(account_id), { headers: { cookie } })).status
    expect(await read(tenant.account_id)).toBe(200)
    expect(await read(other.account_id)).toBe(403)
    expect((await client.call(PATH, { headers: { cookie } })).result.accounts).toHaveLength(1)
  })

  test('changes something only with the token against forgery, from our own origin', async () => {
    const { tenant, cookie, session } = await signIn()
    const csrf = session.csrf_token ?? ''
    const change = async (headers: Record<string, string>) =>
      (
        await client.fetch(`/client/v4/accounts/${tenant.account_id}/workers/workers`, {
          method: 'POST',
          headers: { cookie, ...JSON_TYPE, ...headers },
          body: JSON.stringify({ name: `worker-${crypto.randomUUID()}` }),
        })
      ).status
    expect(await change({})).toBe(403)
    expect(await change({ 'x-csrf-token': `${csrf.slice(0, -1)}_` })).toBe(403)
    expect(await change({ 'x-csrf-token': csrf, origin: 'https://evil.example' })).toBe(403)
    expect(await change({ 'x-csrf-token': csrf, origin: 'https://builds.example.com' })).toBe(201)
  })

  test('of a token that may only read changes nothing', async () => {
    const { tenant, cookie, session } = await signIn({ permission: 'read' })
    const { status } = await client.fetch(
      `/client/v4/accounts/${tenant.account_id}/workers/workers`,
      {
        method: 'POST',
        headers: { cookie, ...JSON_TYPE, 'x-csrf-token': session.csrf_token ?? '' },
        body: JSON.stringify({ name: 'worker' }),
      },
    )
    expect(status).toBe(403)
  })

  test('ends with its time, with its token, and when it was changed', async () => {
    const { token, cookie } = await signIn()
    const status = async (value: string) =>
      (await client.fetch(PATH, { headers: { cookie: value } })).status
    expect(await status(cookie)).toBe(200)
    expect(await status(`${cookie.slice(0, -2)}AA`)).toBe(401)
    const over = { token, csrf_token: 'x', expires_on: Date.now() - 1 }
    const place = { table: 'session', row: '', column: 'token' }
    const sealed = await parseKeyring(env.WEBHOOK_KEYRING).seal(JSON.stringify(over), place)
    expect(await status(`__Host-session=${sealed}`)).toBe(401)
    const hash = new Uint8Array(
      await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token)),
    )
    await client.sql`update api_tokens set expires_on = now() where token_sha256 = ${hash}`
    expect(await status(cookie)).toBe(401)
  })

  test('is removed by signing out', async () => {
    const { cookie } = await signIn()
    const { status, headers } = await client.fetch(PATH, {
      method: 'DELETE',
      headers: { cookie, ...JSON_TYPE },
    })
    expect(status).toBe(200)
    expect(headers.get('set-cookie')).toMatch(/^__Host-session=; Max-Age=0; Path=\//)
  })

  test('does not count beside a bearer', async () => {
    const { cookie } = await signIn()
    const { status } = await client.fetch(PATH, { token: 'wrong', headers: { cookie } })
    expect(status).toBe(401)
  })
})
