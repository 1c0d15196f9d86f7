import { Build, DeployHook, DeployHookRun, ListedDeployHook } from '@workers-builds/contracts'
import type { Tenant } from '@workers-builds/store/testing'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()
const RUN_PATH = '/client/v4/workers/builds/deploy_hooks'

/** A tenant with a token, and the path of its Worker's hooks. */
async function tenantWithToken(options: Parameters<typeof client.createTenant>[0] = {}) {
  const tenant = await client.createTenant(options)
  const token = await client.createToken({ accounts: [tenant.account_id] })
  return { ...tenant, token, path: hooksOf(tenant) }
}

const hooksOf = ({ account_id, script_name }: Tenant) =>
  `/client/v4/accounts/${account_id}/builds/workers/${script_name}/deploy_hooks`

async function createHook(
  { path, token }: { path: string; token: string },
  { deploy_hook_name = 'CMS', branch = 'main' } = {},
) {
  const body = JSON.stringify({ deploy_hook_name, branch })
  const { status, result } = await client.call(path, { method: 'POST', token, body })
  expect(status).toBe(200)
  return DeployHook.parse(result)
}

const run = (deploy_hook_uuid: string, init: RequestInit = {}) =>
  client.call(`${RUN_PATH}/${deploy_hook_uuid}`, { method: 'POST', ...init })

const buildsOf = ({ script_tag }: Tenant) =>
  client.sql<{ build_uuid: string; branch: string; commit_hash: string }[]>`
    select * from builds where script_tag = ${script_tag} order by build_id`

/** Lets a build go on, as its BuildBuddy would. */
async function begin(build_uuid: string, status: 'initializing' | 'running') {
  await client.sql`update builds set status = ${status} where build_uuid = ${build_uuid}`
}

test('a hook is created, listed, read, changed and deleted', async () => {
  const tenant = await tenantWithToken()
  const { token, path } = tenant
  const hook = await createHook(tenant)
  expect(hook).toMatchObject({
    deploy_hook_name: 'CMS',
    branch: 'main',
    external_script_id: tenant.script_tag,
  })
  const list = async () =>
    z.array(ListedDeployHook).parse((await client.call(path, { token })).result)
  expect(await list()).toEqual([{ ...hook, latest_build: null }])
  const { result } = await run(hook.deploy_hook_uuid)
  expect(await list()).toEqual([{ ...hook, latest_build: { created_on: result.created_on } }])

  const one = `${path}/${hook.deploy_hook_uuid}`
  expect((await client.call(one, { token })).result).toEqual(hook)
  const body = JSON.stringify({ deploy_hook_name: 'Nightly', branch: 'next' })
  const changed = await client.call(one, { method: 'PUT', token, body })
  expect(changed.result).toMatchObject({ deploy_hook_name: 'Nightly', branch: 'next' })
  expect(await client.call(one, { method: 'DELETE', token })).toMatchObject({
    status: 200,
    result: null,
  })
  expect((await client.call(one, { token })).status).toBe(404)
  expect(await list()).toEqual([])
})

test("a call builds the branch's head, and the build says which hook started it", async () => {
  const tenant = await tenantWithToken()
  const hook = await createHook(tenant, { branch: 'release' })
  const { status, result } = await run(hook.deploy_hook_uuid)
  expect(status).toBe(200)
  expect(DeployHookRun.parse(result)).toMatchObject({ status: 'queued', already_exists: false })
  const path = `/client/v4/accounts/${tenant.account_id}/builds/builds/${result.build_uuid}`
  const read = () => client.call(path, tenant).then((answer) => Build.parse(answer.result))
  const expected = {
    deploy_hook: { deploy_hook_name: 'CMS' },
    build_trigger_metadata: {
      build_trigger_source: 'deploy_hook',
      branch: 'release',
      commit_hash: '7'.padStart(40, '0'),
      commit_message: 'Head of release',
      author: 'ada',
    },
  }
  expect(await read()).toMatchObject(expected)
  await client.call(`${tenant.path}/${hook.deploy_hook_uuid}`, { method: 'DELETE', ...tenant })
  expect(await read()).toMatchObject(expected)
})

test.each(['', '{"any":"thing"}', 'not json {'])('a call may have the body %j', async (body) => {
  const hook = await createHook(await tenantWithToken())
  expect((await run(hook.deploy_hook_uuid, { body })).status).toBe(200)
})

test('while a build waits it is the answer; once it runs there is a new one', async () => {
  const tenant = await tenantWithToken()
  const { deploy_hook_uuid } = await createHook(tenant)
  const first = (await run(deploy_hook_uuid)).result
  const repeated = { build_uuid: first.build_uuid, already_exists: true }
  expect((await run(deploy_hook_uuid)).result).toMatchObject(repeated)
  await begin(first.build_uuid, 'initializing')
  expect((await run(deploy_hook_uuid)).result).toMatchObject({
    ...repeated,
    status: 'initializing',
  })
  await begin(first.build_uuid, 'running')
  const second = (await run(deploy_hook_uuid)).result
  expect(second).toMatchObject({ already_exists: false })
  expect(second.build_uuid).not.toBe(first.build_uuid)
})

test('200 calls at once make one build, and all of them return it', async () => {
  const tenant = await tenantWithToken()
  const { deploy_hook_uuid } = await createHook(tenant)
  const answers = await Promise.all(Array.from({ length: 200 }, () => run(deploy_hook_uuid)))
  const [build, ...others] = await buildsOf(tenant)
  expect(others).toEqual([])
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(new Set(answers.map(({ result }) => result.build_uuid))).toEqual(
    new Set([build?.build_uuid]),
  )
  expect(answers.filter(({ result }) => !result.already_exists)).toHaveLength(1)
})

test('two hooks of a branch are two wishes, and neither replaces a push', async () => {
  const tenant = await tenantWithToken()
  const push = await client.createBuild({ tenant, branch: 'main', pushed_on: new Date() })
  const [one, two] = [await createHook(tenant), await createHook(tenant)]
  await run(one.deploy_hook_uuid)
  await run(two.deploy_hook_uuid)
  expect(await buildsOf(tenant)).toMatchObject([
    { build_uuid: push.build.build_uuid, status: 'queued' },
    { deploy_hook_uuid: one.deploy_hook_uuid, status: 'queued' },
    { deploy_hook_uuid: two.deploy_hook_uuid, status: 'queued' },
  ])
})

describe('the limits', () => {
  test('of a Worker: ten builds a minute, and then when to come back', async () => {
    const tenant = await tenantWithToken()
    const hooks = await Promise.all(Array.from({ length: 15 }, () => createHook(tenant)))
    const answers = await Promise.all(hooks.map((hook) => run(hook.deploy_hook_uuid)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(5)
    for (const { errors, headers } of refused) {
      expect(errors[0]?.code).toBe(12051)
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60)
    }
    expect(await buildsOf(tenant)).toHaveLength(10)
    // One that waits already costs nothing, and is returned even now.
    const waiting = hooks[answers.findIndex(({ status }) => status === 200)]
    const repeated = await run(waiting?.deploy_hook_uuid ?? '')
    expect(repeated).toMatchObject({ status: 200, result: { already_exists: true } })
    // The first of them is a minute old.
    await client.sql`
      update deploy_hook_runs set started_on = started_on - interval '61 seconds'
      where deploy_hook_run_id =
        (select min(deploy_hook_run_id) from deploy_hook_runs where script_tag = ${tenant.script_tag})`
    const again = hooks.filter((_, at) => answers[at]?.status === 429)
    const later = await Promise.all(again.map((hook) => run(hook.deploy_hook_uuid)))
    expect(later.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test("of an account: a hundred, all of its Workers' together, and nobody else's", async () => {
    const tenant = await tenantWithToken()
    await client.sql`
      insert into deploy_hook_runs (account_id, script_tag, started_on)
      select ${tenant.account_id}, ${await otherWorker(tenant)}, now()
      from generate_series(1, 99)`
    const hooks = [await createHook(tenant), await createHook(tenant)]
    const answers = await Promise.all(hooks.map((hook) => run(hook.deploy_hook_uuid)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 429])
    const stranger = await createHook(await tenantWithToken())
    expect((await run(stranger.deploy_hook_uuid)).status).toBe(200)
  })
})

/** Another Worker of the tenant's account. */
async function otherWorker({ account_id }: Tenant): Promise<string> {
  const other = await client.createTenant()
  await client.sql`
    update workers set account_id = ${account_id} where script_tag = ${other.script_tag}`
  return other.script_tag
}

describe('refused', () => {
  test('a hook that was deleted, that never was, and one of a deleted Worker', async () => {
    const tenant = await tenantWithToken()
    const [deleted, orphan] = [await createHook(tenant), await createHook(tenant)]
    await client.call(`${tenant.path}/${deleted.deploy_hook_uuid}`, { method: 'DELETE', ...tenant })
    const gone = { status: 404, errors: [{ code: 12000 }] }
    expect(await run(deleted.deploy_hook_uuid)).toMatchObject(gone)
    expect(await run(crypto.randomUUID())).toMatchObject(gone)
    expect(await run('x')).toMatchObject(gone)
    await client.sql`
      update workers set deleted_on = now() where script_tag = ${tenant.script_tag}`
    expect(await run(orphan.deploy_hook_uuid)).toMatchObject(gone)
    expect(await client.call(tenant.path, tenant)).toMatchObject(gone)
    expect(await buildsOf(tenant)).toEqual([])
  })

  test('GET, which a browser or a link checker would send', async () => {
    const tenant = await tenantWithToken()
    const { deploy_hook_uuid } = await createHook(tenant)
    const { status } = await client.call(`${RUN_PATH}/${deploy_hook_uuid}`)
    expect(status).toBeGreaterThanOrEqual(404)
    expect(status).toBeLessThanOrEqual(405)
    expect(await buildsOf(tenant)).toEqual([])
  })

  test('a branch that is not there; the next call asks again', async () => {
    const tenant = await tenantWithToken()
    const { deploy_hook_uuid } = await createHook(tenant, { branch: 'gone' })
    for (let i = 0; i < 2; i++) {
      const { status, errors } = await run(deploy_hook_uuid)
      expect(status).toBe(404)
      expect(errors[0]?.message).toContain('gone')
    }
  })

  test('a branch that would be deployed to production by a trigger of another one', async () => {
    const tenant = await tenantWithToken({ branch_includes: ['main'] })
    const { deploy_hook_uuid } = await createHook(tenant, { branch: 'feature' })
    expect(await run(deploy_hook_uuid)).toMatchObject({ status: 404, errors: [{ code: 12040 }] })
    expect(await buildsOf(tenant)).toEqual([])
  })

  test.each([
    { deploy_hook_name: '', branch: 'main' },
    { deploy_hook_name: 'x'.repeat(59), branch: 'main' },
    { deploy_hook_name: 'a\0b', branch: 'main' },
    { deploy_hook_name: 'a', branch: '' },
    { deploy_hook_name: 'a', branch: '--upload-pack=x' },
    { deploy_hook_name: 'a', branch: 'a..b' },
    { deploy_hook_name: 'a', branch: 'a b' },
    { deploy_hook_name: 'a', branch: 'refs/heads/x.lock' },
    { deploy_hook_name: 'a' },
    { branch: 'main' },
    [],
    null,
    'text',
  ])('the input %j', async (input) => {
    const tenant = await tenantWithToken()
    const body = JSON.stringify(input)
    const answer = await client.call(tenant.path, { method: 'POST', ...tenant, body })
    expect(answer).toMatchObject({ status: 400, errors: [{ code: 12002 }] })
  })

  test("another account's hooks, by any way", async () => {
    const [mine, other] = [await tenantWithToken(), await tenantWithToken()]
    const theirs = await createHook(other)
    expect((await client.call(other.path, { token: mine.token })).status).toBe(403)
    const own = await createHook(mine)
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const path = `${mine.path}/${theirs.deploy_hook_uuid}`
      const body = JSON.stringify({ deploy_hook_name: 'mine', branch: 'main' })
      const init = { method, token: mine.token, ...(method === 'PUT' && { body }) }
      expect((await client.call(path, init)).status).toBe(404)
    }
    expect(own.deploy_hook_uuid).not.toBe(theirs.deploy_hook_uuid)
    const list = await client.call(other.path, other)
    expect(list.result).toMatchObject([{ deploy_hook_name: 'CMS' }])
  })

  test('a token that may only read, and no token', async () => {
    const tenant = await tenantWithToken()
    const token = await client.createToken({ accounts: [tenant.account_id], permission: 'read' })
    const body = JSON.stringify({ deploy_hook_name: 'a', branch: 'b' })
    expect((await client.call(tenant.path, { method: 'POST', token, body })).status).toBe(403)
    expect((await client.call(tenant.path, { method: 'POST', body })).status).toBe(401)
    await createHook(tenant)
    expect((await client.call(tenant.path, { token })).status).toBe(403)
  })
})
