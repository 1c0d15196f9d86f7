import { Build, BuildErrors, CancelledBuild, encodeLogCursor } from '@workers-builds/contracts'
import { randomHex, type Tenant } from '@workers-builds/store/testing'
import { describe, expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()
const base = ({ account_id }: Tenant) => `/client/v4/accounts/${account_id}/builds`

async function createBuild() {
  const { build, tenant } = await client.createBuild()
  const token = await client.createToken({ accounts: [tenant.account_id] })
  return { ...build, tenant, token, path: `${base(tenant)}/builds/${build.build_uuid}` }
}

describe('a build', () => {
  test('is returned with every field that clients of the real API require', async () => {
    const { path, token, build_uuid, tenant } = await createBuild()
    const { status, result } = await client.call(path, { token })
    expect(status).toBe(200)
    const build = Build.parse(result)
    expect(build).toMatchObject({
      build_uuid,
      status: 'queued',
      build_outcome: null,
      trigger: {
        external_script_id: tenant.script_tag,
        repo_connection: { repo_connection_uuid: tenant.repo_connection_uuid },
      },
      build_trigger_metadata: { build_trigger_source: 'push_event', ...tenant.settings },
    })
    expect(JSON.stringify(result)).not.toContain('sealed')
  })

  test('has its steps in order, with how they ended', async () => {
    const { path, token, build_id } = await createBuild()
    expect((await client.call(path, { token })).result.steps).toEqual([])
    await client.store.builds.saveState({
      build_id,
      state: { status: 'running', build_outcome: null, failure_reason: null },
      steps: [
        { step: 'cloning', started_on: 2_000, ended_on: 3_000, exit_code: 0 },
        { step: 'installing', started_on: 3_000, ended_on: null, exit_code: null },
      ],
    })
    expect((await client.call(path, { token })).result.steps).toEqual([
      {
        step: 'cloning',
        started_on: '1970-01-01T00:00:02.000Z',
        ended_on: '1970-01-01T00:00:03.000Z',
        exit_code: 0,
      },
      {
        step: 'installing',
        started_on: '1970-01-01T00:00:03.000Z',
        ended_on: null,
        exit_code: null,
      },
    ])
  })

  test('that is queued has an empty log that may go on', async () => {
    const { path, token } = await createBuild()
    const { result } = await client.call(`${path}/logs`, { token })
    expect(result).toEqual({ lines: [], cursor: encodeLogCursor({ line: 0 }), truncated: false })
  })

  test('that is queued is cancelled at once, and stays so', async () => {
    const { path, token } = await createBuild()
    for (let i = 0; i < 2; i++) {
      const { status, result } = await client.call(`${path}/cancel`, { method: 'PUT', token })
      expect(status).toBe(200)
      expect(CancelledBuild.parse(result)).toMatchObject({
        build_outcome: 'cancelled',
        stopped_on: expect.any(String),
      })
    }
    const { result } = await client.call(`${path}/logs`, { token })
    expect(result).toEqual({ lines: [], truncated: false })
  })

  test('has its errors, root cause first, with what to do', async () => {
    const { path, token, build_id } = await createBuild()
    const before = await client.call(`${path}/errors`, { token })
    expect(before.result).toEqual({ scan: null, errors: [] })
    await client.store.builds.saveState({
      build_id,
      state: { status: 'stopped', build_outcome: 'fail', failure_reason: 'deploy_command_failed' },
      steps: [],
    })
    const error = {
      error_code: 'wrangler_error',
      error_group: '✘ [ERROR] Could not resolve "<MODULE>"',
      cause: 'module_not_found',
      fault: 'user',
      step: 'deploying',
      line: 12,
      confidence: 0.75,
      title: 'stored nowhere',
    } as const
    await client.store.buildErrorScans.replace([
      { build_id, outcome: 'detected', detector_version: 3, lines_read: 40, errors: [error] },
    ])
    const { result } = await client.call(`${path}/errors`, { token })
    expect(BuildErrors.parse(result)).toMatchObject({
      scan: { outcome: 'detected', detector_version: 3, lines_read: 40 },
      errors: [
        {
          ...error,
          title: expect.stringMatching(/[a-z]/),
          fix: expect.stringMatching(/[a-z]/),
          docs_url: expect.stringMatching(/^https:/),
        },
      ],
    })
  })
})

test('a page of very large builds ends early, and says how to list the others', async () => {
  const tenant = await client.createTenant()
  const value = 'x'.repeat(5_000)
  const environment_variables = Object.fromEntries(
    Array.from({ length: 64 }, (_, i) => [
      `KEY_${i}`,
      { is_secret: false, value, created_on: '2026-01-01T00:00:00.000Z' },
    ]),
  )
  const settings = { ...tenant.settings, environment_variables }
  for (let i = 0; i < 20; i += 1) await client.createBuild({ tenant: { ...tenant, settings } })
  const token = await client.createToken({ accounts: [tenant.account_id] })
  const list = async (query: string) =>
    await client.call(
      `/client/v4/accounts/${tenant.account_id}/builds/workers/${tenant.script_tag}/builds?${query}`,
      { token },
    )
  const first = await list('per_page=50')
  const { length } = first.result
  expect(length).toBeGreaterThan(1)
  expect(JSON.stringify(first.result).length).toBeLessThan(5 * 1024 * 1024)
  expect(first.result_info).toMatchObject({ count: length, total_count: 20 })
  expect(first.messages).toEqual([
    { code: 12102, message: expect.stringContaining(`ask for per_page=${length} `) },
  ])
  const seen = new Set<string>()
  for (let page = 1; page <= Math.ceil(20 / length); page += 1) {
    const { result, messages } = await list(`per_page=${length}&page=${page}`)
    expect(messages).toEqual([])
    for (const { build_uuid } of result) seen.add(build_uuid)
  }
  expect(seen.size).toBe(20)
})

test("a Worker's builds come newest first, in pages", async () => {
  const { tenant } = await client.createBuild()
  const uuids: string[] = []
  for (let i = 0; i < 3; i++) uuids.unshift((await client.createBuild({ tenant })).build.build_uuid)
  const token = await client.createToken({ accounts: [tenant.account_id] })
  const path = `${base(tenant)}/workers/${tenant.script_tag}/builds`
  const { result, result_info } = await client.call(`${path}?page=1&per_page=3`, { token })
  expect(result.map((build: Build) => build.build_uuid)).toEqual(uuids)
  expect(result_info).toEqual({
    page: 1,
    per_page: 3,
    count: 3,
    total_count: 4,
    total_pages: 2,
    next_page: true,
  })
})

describe('builds are found', () => {
  test('as the newest of each Worker, by their versions, and by their own names', async () => {
    const { tenant } = await client.createBuild()
    const { build } = await client.createBuild({ tenant })
    const other = await client.createBuild()
    const version_id = crypto.randomUUID()
    const preview_url = 'https://preview.example'
    await client.sql`
      update builds set version_id = ${version_id}, preview_url = ${preview_url}
      where build_id in (${build.build_id}, ${other.build.build_id})`
    const token = await client.createToken({ accounts: [tenant.account_id] })
    const find = async (query: string) => {
      const { result } = await client.call(`${base(tenant)}/builds${query}`, { token })
      return Object.entries(result.builds as Record<string, Build>).map(([key, found]) => [
        key,
        Build.parse(found).build_uuid,
      ])
    }
    const tags = `${tenant.script_tag},${other.tenant.script_tag},${randomHex(32)}`
    expect(await find(`/latest?external_script_ids=${tags}`)).toEqual([
      [tenant.script_tag, build.build_uuid],
    ])
    const versions = `${version_id},${crypto.randomUUID()}`
    expect(await find(`?version_ids=${versions}`)).toEqual([[version_id, build.build_uuid]])
    expect(await find(`?ids=${build.build_uuid},${other.build.build_uuid}`)).toEqual([
      [build.build_uuid, build.build_uuid],
    ])
    const { result } = await client.call(`${base(tenant)}/builds/${build.build_uuid}`, { token })
    expect(result).toMatchObject({ version_id, preview_url })
  })

  test.each([
    'builds',
    'builds?version_ids=',
    'builds?version_ids=x',
    `builds?version_ids=${Array.from({ length: 21 }, () => crypto.randomUUID()).join()}`,
    `builds?ids=${crypto.randomUUID()}&version_ids=${crypto.randomUUID()}`,
    'builds/latest',
    'builds/latest?external_script_ids=my-worker',
  ])('not by %s', async (path) => {
    const { tenant, token } = await createBuild()
    const answer = await client.call(`${base(tenant)}/${path}`, { token })
    expect(answer).toMatchObject({ status: 400, errors: [{ code: 12002 }] })
  })
})

describe('refused in the envelope', () => {
  test('no token, a wrong one, and one that is no bearer token', async () => {
    const { path } = await createBuild()
    expect(await client.call(path)).toMatchObject({ status: 401, errors: [{ code: 12005 }] })
    expect(await client.call(path, { token: 'wrong' })).toMatchObject({
      status: 401,
      errors: [{ code: 10000 }],
    })
    const basic = { headers: { authorization: 'Basic abc' } }
    expect(await client.call(path, basic)).toMatchObject({ status: 401, errors: [{ code: 10000 }] })
  })

  test("another account's path, and another account's build under one's own", async () => {
    const [mine, other] = [await createBuild(), await createBuild()]
    expect(await client.call(other.path, mine)).toMatchObject({
      status: 403,
      errors: [{ code: 10000 }],
    })
    for (const suffix of ['', '/logs', '/errors']) {
      const path = `${base(mine.tenant)}/builds/${other.build_uuid}${suffix}`
      expect(await client.call(path, { token: mine.token })).toMatchObject({
        status: 404,
        errors: [{ code: 12000 }],
        result: null,
      })
    }
    const cancel = `${base(mine.tenant)}/builds/${other.build_uuid}/cancel`
    expect((await client.call(cancel, { method: 'PUT', token: mine.token })).status).toBe(404)
    const untouched = await client.call(other.path, { token: other.token })
    expect(untouched.result.status).toBe('queued')
  })

  test('a write with a token that may only read', async () => {
    const { path, tenant } = await createBuild()
    const token = await client.createToken({ accounts: [tenant.account_id], permission: 'read' })
    expect((await client.call(path, { token })).status).toBe(200)
    expect(await client.call(`${path}/cancel`, { method: 'PUT', token })).toMatchObject({
      status: 403,
      errors: [{ code: 10000 }],
    })
  })

  test('an expired token', async () => {
    const { path, token } = await createBuild()
    await client.sql`update api_tokens set expires_on = now() - interval '1 second'`
    expect((await client.call(path, { token })).status).toBe(401)
  })

  test('a body that is no JSON, and one of 2 MB', async () => {
    const { path, token } = await createBuild()
    const cancel = `${path}/cancel`
    expect(await client.call(cancel, { method: 'PUT', token, body: '{' })).toMatchObject({
      status: 400,
      errors: [{ code: 12002 }],
    })
    const large = JSON.stringify('x'.repeat(2 * 1024 * 1024))
    expect(await client.call(cancel, { method: 'PUT', token, body: large })).toMatchObject({
      status: 413,
      errors: [{ code: 12002 }],
    })
  })

  test.each([
    ['builds/not-a-uuid', 404, 12000],
    [`builds/${crypto.randomUUID()}`, 404, 12000],
    ['workers/my-worker/builds', 404, 12000],
    [`workers/${'0'.repeat(32)}/builds`, 404, 12040],
    ['nothing/here', 404, 12000],
  ])('%s', async (suffix, status, code) => {
    const { tenant, token } = await createBuild()
    const answer = await client.call(`${base(tenant)}/${suffix}`, { token })
    expect(answer).toMatchObject({ status, success: false, errors: [{ code }] })
  })

  test.each(['page=0', 'page=x', 'per_page=201', 'per_page=-1'])('?%s, named', async (query) => {
    const { tenant, token } = await createBuild()
    const path = `${base(tenant)}/workers/${tenant.script_tag}/builds?${query}`
    const { status, errors } = await client.call(path, { token })
    expect(status).toBe(400)
    expect(errors[0]?.message).toContain(query.split('=')[0])
  })

  test('a cursor that we did not make', async () => {
    const { path, token } = await createBuild()
    const { status, errors } = await client.call(`${path}/logs?cursor=zzz`, { token })
    expect(status).toBe(400)
    expect(errors[0]?.message).toContain('zzz')
  })

  test('an account id that is none', async () => {
    const token = await client.createToken({ accounts: [] })
    const path = `/client/v4/accounts/x/builds/builds/${randomHex(32)}`
    expect((await client.call(path, { token })).status).toBe(403)
  })
})
