import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import type { Tenant } from '@workers-builds/store/testing'
import { describe, expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()

/** The official client, whose requests reach the Worker. */
async function connect(headers: Record<string, string>): Promise<Client> {
  const mcp = new Client({ name: 'test', version: '1' })
  const transport = new StreamableHTTPClientTransport(new URL('https://builds.example.com/mcp'), {
    requestInit: { headers },
    fetch: (url, init) => client.fetch(String(url), init as RequestInit),
  })
  // The SDK's own types do not fit each other under exactOptionalPropertyTypes.
  await mcp.connect(transport as Parameters<Client['connect']>[0])
  return mcp
}

async function user(options: { tenants?: Tenant[]; is_platform?: boolean } = {}) {
  const tenants = options.tenants ?? [await client.createTenant()]
  const accounts = tenants.map((tenant) => tenant.account_id)
  const { is_platform = false } = options
  const token = await client.createToken({ accounts, permission: 'read', is_platform })
  const mcp = await connect({ authorization: `Bearer ${token}` })
  const call = async (name: string, args: Record<string, unknown> = {}) => {
    const result = (await mcp.callTool({ name, arguments: args })) as CallToolResult
    const [content] = result.content
    const text = content?.type === 'text' ? content.text : ''
    return { text, isError: result.isError ?? false }
  }
  return { mcp, token, call, tenant: tenants[0] as Tenant }
}

async function failedBuild(tenant: Tenant, { line = null }: { line?: number | null } = {}) {
  const { build } = await client.createFailedBuild({ tenant })
  await client.store.buildErrorScans.replace([
    {
      build_id: build.build_id,
      outcome: 'detected',
      detector_version: 1,
      lines_read: 9,
      errors: [
        {
          error_code: 'npm_error',
          error_group: 'Missing script: <SCRIPT>',
          cause: 'script_missing',
          fault: 'user',
          step: 'building',
          line,
          confidence: 1,
          title: 'not stored',
        },
      ],
    },
  ])
  return build
}

test('the tools are there, under the names and inputs of the real server, and only read', async () => {
  const { mcp } = await user()
  const { tools } = await mcp.listTools()
  const inputs = Object.fromEntries(
    tools.map((tool) => [tool.name, Object.keys(tool.inputSchema.properties ?? {})]),
  )
  expect(inputs).toEqual({
    accounts_list: [],
    workers_list: ['account_id'],
    workers_get_worker: ['scriptName', 'account_id'],
    workers_builds_list_builds: ['workerId', 'page', 'perPage', 'account_id'],
    workers_builds_get_build: ['buildUUID', 'account_id'],
    workers_builds_get_build_logs: ['buildUUID', 'account_id'],
    workers_builds_explain_failure: ['buildUUID', 'account_id'],
    workers_builds_list_top_issues: ['scope', 'days', 'limit', 'account_id'],
  })
  expect(tools.every((tool) => tool.annotations?.readOnlyHint === true)).toBe(true)
})

describe('a model can', () => {
  test('find its way from the account to a build', async () => {
    const { call, tenant } = await user()
    const { build } = await client.createBuild({ tenant, branch: 'feature' })
    expect((await call('accounts_list')).text).toBe(tenant.account_id)
    expect((await call('workers_list')).text).toContain(tenant.script_tag)
    const worker = await call('workers_get_worker', { scriptName: tenant.script_name })
    expect(worker.text).toContain(tenant.script_tag)
    const list = await call('workers_builds_list_builds', { workerId: tenant.script_tag })
    expect(list).toMatchObject({ isError: false })
    expect(list.text).toContain(`${build.build_uuid}  queued  feature`)
    const answer = await call('workers_builds_get_build', { buildUUID: build.build_uuid })
    expect(answer.text).toContain('Build command: npm run build')
    const log = await call('workers_builds_get_build_logs', { buildUUID: build.build_uuid })
    expect(log).toEqual({ text: 'The log is still empty.', isError: false })
    const why = await call('workers_builds_explain_failure', { buildUUID: build.build_uuid })
    expect(why.text).toContain('It has not ended yet')
  })

  test('learn why a build failed, and that it fails again and again', async () => {
    const { call, tenant } = await user()
    const first = await failedBuild(tenant)
    const once = await call('workers_builds_explain_failure', { buildUUID: first.build_uuid })
    expect(once.text).toContain('The script that was asked for is not in package.json')
    expect(once.text).toContain('What to do:')
    expect(once.text).toContain('has failed in this way only once')
    const { build_uuid } = await failedBuild(tenant)
    const again = await call('workers_builds_explain_failure', { buildUUID: build_uuid })
    expect(again.text).toContain('It recurs: 2 builds')
  })

  test('read the decisive lines, and the place in the repository that they name', async () => {
    const { call, tenant } = await user()
    const { build_uuid } = await failedBuild(tenant, { line: 4 })
    const { text } = await call('workers_builds_explain_failure', { buildUUID: build_uuid })
    expect(text).toContain('  4: line 4 of src/a.ts:4:7\n> 5: line 5 of src/a.ts:5:7\n  6: line 6')
    expect(text).toContain('In the repository: src/a.ts:5:7')
  })

  test('list the top issues of its own account, and with platform scope of all', async () => {
    const { call, tenant } = await user()
    await failedBuild(tenant)
    await failedBuild(await client.createTenant())
    const own = await call('workers_builds_list_top_issues')
    expect(own.text).toMatch(/^1\. 1 builds of 1 Workers: npm_error, script_missing/)
    const refused = await call('workers_builds_list_top_issues', { scope: 'platform' })
    expect(refused).toMatchObject({ isError: true })
    expect(refused.text).toContain('platform scope')
    const platform = await user({ tenants: [], is_platform: true })
    const all = await platform.call('workers_builds_list_top_issues', { scope: 'platform' })
    expect(all).toMatchObject({ isError: false, text: expect.stringContaining('npm_error') })
  })
})

describe('the account is', () => {
  test('the one that is asked for, where a token spans several', async () => {
    const tenants = [await client.createTenant(), await client.createTenant()]
    const { call, token } = await user({ tenants })
    const unclear = await call('workers_list')
    expect(unclear).toMatchObject({ isError: true })
    for (const { account_id, script_tag } of tenants) {
      expect(unclear.text).toContain(account_id)
      expect((await call('workers_list', { account_id })).text).toContain(script_tag)
      const mcp = await connect({
        authorization: `Bearer ${token}`,
        'cf-account-id': account_id,
      })
      const result = await mcp.callTool({ name: 'workers_list', arguments: {} })
      expect(JSON.stringify(result)).toContain(script_tag)
    }
  })

  test("never another one's", async () => {
    const { call } = await user()
    const stranger = await client.createTenant()
    const build = await failedBuild(stranger)
    const args = { buildUUID: build.build_uuid }
    for (const name of ['get_build', 'get_build_logs', 'explain_failure']) {
      const answer = await call(`workers_builds_${name}`, args)
      expect(answer).toMatchObject({ isError: true })
      expect(answer.text).toContain('Not found')
    }
    const { account_id, script_tag } = stranger
    const asked = await call('workers_builds_get_build', { ...args, account_id })
    expect(asked).toMatchObject({ isError: true })
    expect(asked.text).toContain('may not read account')
    const builds = await call('workers_builds_list_builds', { workerId: script_tag })
    expect(builds).toMatchObject({ isError: true })
  })
})

test.each([
  ['workers_builds_get_build', {}],
  ['workers_builds_get_build', { buildUUID: '../../tokens' }],
  ['workers_builds_list_builds', { workerId: 'my-worker' }],
  ['workers_builds_list_builds', { workerId: 'a/../../tokens?x=' }],
  ['workers_builds_list_builds', { workerId: 'x', perPage: 1_000 }],
  ['workers_builds_list_top_issues', { days: -1 }],
  ['workers_get_worker', { scriptName: 'nobody' }],
  ['no_such_tool', {}],
])('%s with %j is an error that the model can read', async (name, args) => {
  const { call } = await user()
  const answer = await call(name, args).catch((error: Error) => ({
    text: error.message,
    isError: true,
  }))
  expect(answer.isError).toBe(true)
  expect(answer.text.length).toBeGreaterThan(10)
  expect(answer.text).not.toContain('our side')
})

describe('refused', () => {
  const post = (headers: Record<string, string>, body = '{}') =>
    client.fetch('/mcp', { method: 'POST', headers, body })

  test('no token and a wrong one, with what is missing', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }]) {
      const response = await post(headers)
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toContain('Bearer')
      await response.body?.cancel()
    }
    await expect(connect({})).rejects.toThrow()
  })

  test('a page of another origin', async () => {
    const { token } = await user()
    const response = await post({
      authorization: `Bearer ${token}`,
      origin: 'https://evil.example',
    })
    expect(response.status).toBe(403)
    await response.body?.cancel()
  })

  test('what is no message, and other methods', async () => {
    const { token } = await user()
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
    }
    for (const body of ['{', '{}', 'null', '{"jsonrpc":"2.0","id":1,"method":5}']) {
      const response = await post(headers, body)
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(response.status).toBeLessThan(500)
      await response.body?.cancel()
    }
    const get = await client.fetch('/mcp', { headers })
    expect(get.status).toBe(405)
    await get.body?.cancel()
  })
})
