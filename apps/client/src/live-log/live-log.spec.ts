import { env } from 'cloudflare:workers'
import { encodeLogCursor, LIVE_TICKET_SECONDS, LiveLogTicket } from '@workers-builds/contracts'
import { fromBase64Url, toBase64Url } from '@workers-builds/sealing'
import { describe, expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'
import { makeTicket } from './live-log-ticket.ts'

const client = useClient()

async function createBuild({ permission = 'read' as 'read' | 'write' } = {}) {
  const { build, tenant } = await client.createBuild()
  const { account_id } = tenant
  const token = await client.createToken({ accounts: [account_id], permission })
  const path = `/client/v4/accounts/${account_id}/builds/builds/${build.build_uuid}/logs`
  return { ...build, account_id, token, path }
}

/** The same ticket but for one bit of what it holds. */
function flipBit(ticket: string): string {
  const [version, key, encoded = ''] = ticket.split('.')
  const bytes = fromBase64Url(encoded)
  const last = bytes.length - 1
  return [version, key, toBase64Url(bytes.with(last, (bytes[last] ?? 0) ^ 1))].join('.')
}

const upgrade = { headers: { upgrade: 'websocket' } }

describe('a ticket', () => {
  test('is given to whoever may read, with where to use it and how the build is', async () => {
    const { path, token } = await createBuild()
    const before = Date.now()
    const { status, result } = await client.call(`${path}/ticket`, { method: 'POST', token })
    expect(status).toBe(201)
    const { ticket, url, expires_on, ...rest } = LiveLogTicket.parse(result)
    expect(rest).toEqual({ status: 'queued' })
    const left = Date.parse(expires_on) - before
    expect(left).toBeGreaterThan(LIVE_TICKET_SECONDS * 1_000 - 1)
    expect(left).toBeLessThan(LIVE_TICKET_SECONDS * 2_000)
    expect(url).toBe(`wss://builds.example.com${path}/live?ticket=${ticket}`)
  })

  test('has the configured address, whatever host the request names', async () => {
    const { path, token } = await createBuild()
    const forged = await client.fetch(`https://evil.example${path}/ticket`, {
      method: 'POST',
      token,
      headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    })
    const { result } = (await forged.json()) as { result: unknown }
    expect(LiveLogTicket.parse(result).url).toMatch(/^wss:\/\/builds\.example\.com\//)
  })

  test('is given to nobody else', async () => {
    const [mine, other] = [await createBuild(), await createBuild()]
    const ask = (path: string, token?: string) =>
      client.call(`${path}/ticket`, { method: 'POST', ...(token && { token }) })
    expect(await ask(mine.path)).toMatchObject({ status: 401, errors: [{ code: 12005 }] })
    expect((await ask(mine.path, 'wrong')).status).toBe(401)
    expect((await ask(mine.path, other.token)).status).toBe(403)
    const foreign = mine.path.replace(mine.build_uuid, other.build_uuid)
    expect((await ask(foreign, mine.token)).status).toBe(404)
  })
})

describe('refused before the connection is there, in the envelope', () => {
  test('a request that is no upgrade', async () => {
    const { path } = await createBuild()
    expect(await client.call(`${path}/live`)).toMatchObject({
      status: 426,
      errors: [{ code: 12002, message: expect.stringContaining('WebSocket') }],
    })
  })

  test('no ticket, one that was made up, one of another build, and one that expired', async () => {
    const [build, other] = [await createBuild(), await createBuild()]
    const live = (ticket: string) => client.call(`${build.path}/live?ticket=${ticket}`, upgrade)
    expect(await live('')).toMatchObject({ status: 401, errors: [{ code: 12005 }] })
    const now = Date.now()
    const foreign = await makeTicket(env, other, now)
    const old = await makeTicket(env, build, now - LIVE_TICKET_SECONDS * 1_000)
    const good = await makeTicket(env, build, now)
    const forged = flipBit(good.ticket)
    for (const ticket of ['x', 'v1.test.!!', 'v1..', foreign.ticket, old.ticket, forged]) {
      expect(await live(ticket)).toMatchObject({ status: 401, errors: [{ code: 10000 }] })
    }
    expect((await live('x'.repeat(501))).status).toBe(400)
    const expired = await live(old.ticket)
    expect(expired.errors[0]?.message).toContain('expired')
  })

  test("a ticket under another account's path", async () => {
    const [build, other] = [await createBuild(), await createBuild()]
    const { ticket } = await makeTicket(env, build, Date.now())
    const path = build.path.replace(build.account_id, other.account_id)
    expect((await client.call(`${path}/live?ticket=${ticket}`, upgrade)).status).toBe(401)
  })

  test.each(['zzz', encodeLogCursor({ line: 1 }).slice(1), 'x'.repeat(101)])(
    'cursor %s',
    async (cursor) => {
      const build = await createBuild()
      const { ticket } = await makeTicket(env, build, Date.now())
      const url = `${build.path}/live?ticket=${ticket}&cursor=${cursor}`
      const { status, errors } = await client.call(url, upgrade)
      expect(status).toBe(400)
      expect(errors[0]?.message).toContain('cursor')
    },
  )

  test('a build that has not started, and one that never will', async () => {
    const build = await createBuild({ permission: 'write' })
    const { ticket } = await makeTicket(env, build, Date.now())
    const live = () => client.call(`${build.path}/live?ticket=${ticket}`, upgrade)
    expect(await live()).toMatchObject({
      status: 409,
      errors: [{ message: expect.stringContaining('queued') }],
    })
    await client.store.builds.cancelQueued(build.build_id)
    expect((await live()).errors[0]?.message).toContain('never started')
  })

  test('a log that was kept long enough, over the pages too', async () => {
    const build = await createBuild()
    await client.sql`
      update builds set initializing_on = now(), log_deleted_on = now()
      where build_id = ${build.build_id}`
    const { ticket } = await makeTicket(env, build, Date.now())
    const asked = [
      await client.call(`${build.path}/live?ticket=${ticket}`, upgrade),
      await client.call(`${build.path}/ticket`, { method: 'POST', token: build.token }),
      await client.call(build.path, { token: build.token }),
    ]
    for (const answer of asked) {
      expect(answer).toMatchObject({ status: 410, errors: [{ code: 12000 }], result: null })
    }
  })
})
