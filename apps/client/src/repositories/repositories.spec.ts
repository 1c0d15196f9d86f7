import { ConfigAutofill } from '@workers-builds/contracts'
import { randomHex } from '@workers-builds/store/testing'
import { describe, expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'
import { delivery, pushBody } from '../testing/github-delivery.ts'

const client = useClient()

async function createAccount() {
  const tenant = await client.createTenant()
  const token = await client.createToken({ accounts: [tenant.account_id] })
  const base = `/client/v4/accounts/${tenant.account_id}/builds`
  const send = (method: string, path: string, body?: unknown) =>
    client.call(`${base}${path}`, {
      method,
      token,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  return { ...tenant, token, send }
}

const repository = () => ({
  provider_type: 'github',
  provider_account_id: '77',
  provider_account_name: 'owner',
  repo_id: String(Math.floor(Math.random() * 1e9)),
  repo_name: 'repo',
})

describe('a repository connection', () => {
  test('is made once, and its webhook secret is returned only then', async () => {
    const account = await createAccount()
    const body = repository()
    const answers = await Promise.all(
      [1, 2, 3].map(() => account.send('PUT', '/repos/connections', body)),
    )
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
    const uuids = new Set(answers.map((answer) => answer.result.repo_connection_uuid))
    expect(uuids.size).toBe(1)
    const [secret, ...others] = answers.flatMap((answer) => answer.result.webhook_secret ?? [])
    expect(others).toEqual([])
    const renamed = await account.send('PUT', '/repos/connections', { ...body, repo_name: 'new' })
    expect(renamed.result).toMatchObject({ repo_connection_uuid: [...uuids][0], repo_name: 'new' })
    expect(renamed.result).not.toHaveProperty('webhook_secret')

    const { webhook_url } = renamed.result
    const ping = await client.call(
      new URL(webhook_url).pathname,
      await delivery(pushBody({ repo_id: Number(body.repo_id) }), { secret, event: 'ping' }),
    )
    expect(ping).toMatchObject({ status: 200, result: { ignored: 'ping' } })
  })

  test('is listed in pages, and unknown to another account', async () => {
    const [account, other] = [await createAccount(), await createAccount()]
    await account.send('PUT', '/repos/connections', repository())
    const { result, result_info } = await account.send('GET', '/repos/connections?per_page=1')
    expect(result).toMatchObject([{ repo_connection_uuid: account.repo_connection_uuid }])
    expect(result_info).toMatchObject({ count: 1, total_count: 2, next_page: true })
    const path = `/repos/connections/${account.repo_connection_uuid}`
    expect((await other.send('DELETE', path)).status).toBe(404)
  })

  test('that is deleted takes its triggers and their builds with it', async () => {
    const account = await createAccount()
    const { build } = await client.createBuild({ tenant: account })
    const path = `/repos/connections/${account.repo_connection_uuid}`
    expect(await account.send('DELETE', path)).toMatchObject({ status: 200, result: null })
    expect((await account.send('DELETE', path)).status).toBe(404)
    const { result } = await account.send('GET', `/builds/${build.build_uuid}`)
    expect(result.build_outcome).toBe('cancelled')
    expect((await account.send('GET', `/workers/${account.script_tag}/triggers`)).result).toEqual(
      [],
    )
  })

  test.each([
    { repo_name: '../../other' },
    { repo_name: 'a b' },
    { provider_account_name: 'owner?x=' },
    { provider_type: 'bitbucket' },
    { repo_id: 7 },
  ])('with %j is refused', async (wrong) => {
    const account = await createAccount()
    const answer = await account.send('PUT', '/repos/connections', { ...repository(), ...wrong })
    expect(answer).toMatchObject({ status: 400, errors: [{ code: 12002 }] })
  })
})

describe('a build token', () => {
  test('keeps its secret to itself, and is gone when it is deleted', async () => {
    const account = await createAccount()
    const created = await account.send('POST', '/tokens', {
      build_token_name: 'deploy',
      build_token_secret: 'planted-secret',
      cloudflare_token_id: randomHex(32),
    })
    expect(created.result).toMatchObject({ build_token_name: 'deploy', owner_type: 'user' })
    const { build_token_uuid } = created.result
    const list = await account.send('GET', '/tokens')
    expect(list.result).toHaveLength(2)
    expect(JSON.stringify([created, list])).not.toContain('planted')
    const path = `/tokens/${build_token_uuid}`
    expect((await account.send('DELETE', path)).status).toBe(200)
    expect((await account.send('DELETE', path)).status).toBe(404)
    const [row] = await client.sql<{ build_token_secret_sealed: string }[]>`
      select build_token_secret_sealed from build_tokens
      where build_token_uuid = ${build_token_uuid}`
    expect(row?.build_token_secret_sealed).toBe('')
  })

  test('that is refused is shown nowhere', async () => {
    const account = await createAccount()
    for (const body of [
      { build_token_secret: 'planted' },
      { build_token_secret: { planted: 'planted' }, build_token_name: 'x' },
      { build_token_name: ['planted'] },
    ]) {
      const answer = await account.send('POST', '/tokens', body)
      expect(answer.status).toBe(400)
      expect(JSON.stringify(answer)).not.toContain('planted')
    }
  })
})

describe('the autofill of a Worker', () => {
  async function connectedRepository() {
    const account = await createAccount()
    const body = repository()
    expect((await account.send('PUT', '/repos/connections', body)).status).toBe(200)
    const { provider_type, provider_account_id, repo_id } = body
    const path = `/repos/${provider_type}/${provider_account_id}/${repo_id}/config_autofill`
    return { account, path }
  }

  test('is what the branch of a connected repository says, in a folder or in its root', async () => {
    const { account, path } = await connectedRepository()
    const root = await account.send('GET', `${path}?branch=main`)
    expect(root.status).toBe(200)
    expect(ConfigAutofill.parse(root.result)).toMatchObject({
      config_file: 'wrangler.toml',
      default_worker_name: 'main/',
    })
    const folder = await account.send('GET', `${path}?branch=main&root_directory=/apps/shop`)
    expect(folder.result).toMatchObject({ default_worker_name: 'main/apps/shop' })
  })

  test('is unknown for a branch that is not there, and to who has not connected it', async () => {
    const { account, path } = await connectedRepository()
    const gone = await account.send('GET', `${path}?branch=gone`)
    expect([gone.status, gone.errors[0]?.message]).toEqual([404, expect.stringContaining('gone')])
    const other = await createAccount()
    expect((await other.send('GET', `${path}?branch=main`)).status).toBe(404)
  })

  test('is refused without a branch', async () => {
    const { account, path } = await connectedRepository()
    const { status, errors } = await account.send('GET', path)
    expect([status, errors[0]?.message]).toEqual([400, expect.stringContaining('branch')])
  })
})

describe('account limits', () => {
  test('count the minutes of this month, up to what the plan includes', async () => {
    const account = await createAccount()
    const { build } = await client.createFailedBuild({ tenant: account })
    await client.sql`
      update builds set initializing_on = now() - interval '90 seconds', stopped_on = now()
      where build_id = ${build.build_id}`
    const free = await account.send('GET', '/account/limits')
    expect(free.result).toMatchObject({
      has_reached_build_minutes_limit: false,
      plan: 'free',
      build_minutes_included: 3_000,
    })
    expect(new Date(free.result.build_minutes_refresh_on).getUTCDate()).toBe(1)
    await client.sql`
      update builds set initializing_on = date_trunc('month', now(), 'UTC'),
        stopped_on = date_trunc('month', now(), 'UTC') + interval '3000 minutes'
      where build_id = ${build.build_id}`
    expect((await account.send('GET', '/account/limits')).result).toMatchObject({
      has_reached_build_minutes_limit: true,
      build_minutes_used: 3_000,
    })
    await client.sql`update accounts set plan = 'paid' where account_id = ${account.account_id}`
    expect((await account.send('GET', '/account/limits')).result).toMatchObject({
      has_reached_build_minutes_limit: null,
      build_minutes_refresh_on: null,
    })
  })
})
