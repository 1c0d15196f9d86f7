import { env } from 'cloudflare:workers'
import { connect } from '@workers-builds/store'
import { afterAll, expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

const AT_ONCE = 4
const MOST_WAITING = 512

const client = useClient()
const other = connect(env.HYPERDRIVE.connectionString, { max: 1 })
afterAll(() => other.end())

/** How many requests wait for a row that is locked. */
async function countBlocked(): Promise<number> {
  const [row] = await client.sql<{ count: number }[]>`
    select count(*) from pg_stat_activity
    where wait_event_type = 'Lock' and datname = current_database()`
  return row?.count ?? 0
}

/** What a signed-in page sends, for a token. */
async function signIn(token: string): Promise<Record<string, string>> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ token })
  const answer = await client.call('/client/v4/session', { method: 'POST', headers, body })
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';')
  return { ...headers, cookie, 'x-csrf-token': answer.result.csrf_token }
}

async function createCaller({ by = 'token' }: { by?: 'token' | 'cookie' } = {}) {
  const tenant = await client.createTenant()
  const token = await client.createToken({ accounts: [tenant.account_id] })
  const credentials = by === 'token' ? { token } : { headers: await signIn(token) }
  const builds = `/client/v4/accounts/${tenant.account_id}/builds`
  return {
    read: () => client.call(`${builds}/tokens`, { token }),
    /** Waits while the trigger is locked. */
    rename: () =>
      client.call(`${builds}/triggers/${tenant.trigger_uuid}`, {
        method: 'PATCH',
        ...credentials,
        body: JSON.stringify({ trigger_name: 'renamed' }),
      }),
    listTools: () =>
      client.fetch('/mcp', {
        method: 'POST',
        token,
        headers: {
          accept: 'application/json, text/event-stream',
          'content-type': 'application/json',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
      }),
    /** Runs `work` while the trigger is locked. */
    whileLocked: <Result>(work: () => Promise<Result>) =>
      other.begin(async (tx) => {
        await tx`select from triggers where trigger_uuid = ${tenant.trigger_uuid} for update`
        return await work()
      }),
  }
}

test.for(['token', 'cookie'] as const)(
  'one %s has a few queries at once, whatever it sends, and others are answered meanwhile',
  async (by) => {
    const [caller, neighbour] = [await createCaller({ by }), await createCaller()]
    const { answers } = await caller.whileLocked(async () => {
      const answers = Array.from({ length: 5 * AT_ONCE }, caller.rename)
      while ((await countBlocked()) < AT_ONCE);
      expect((await neighbour.read()).status).toBe(200)
      // Its tools call the API: they wait in a line of their own, not for themselves.
      expect((await caller.listTools()).status).toBe(200)
      expect(await countBlocked()).toBe(AT_ONCE)
      return { answers }
    })
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([200]))
  },
)

test('more requests than may wait are refused with 429, and others are answered', async () => {
  const [caller, neighbour] = [await createCaller(), await createCaller()]
  const { answers } = await caller.whileLocked(async () => {
    const blocked = Array.from({ length: AT_ONCE }, caller.rename)
    while ((await countBlocked()) < AT_ONCE);
    const waiting = Array.from({ length: MOST_WAITING }, caller.read)
    const refused = await caller.read()
    expect(refused).toMatchObject({ status: 429, errors: [{ code: 12051 }] })
    expect(refused.errors[0]?.message).toMatch(/^Too many requests at once/)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect((await neighbour.read()).status).toBe(200)
    return { answers: [...blocked, ...waiting] }
  })
  await Promise.all(answers)
})
