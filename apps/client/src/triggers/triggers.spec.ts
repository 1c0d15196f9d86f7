import { TriggerDetails } from '@workers-builds/contracts'
import { randomHex, type Tenant } from '@workers-builds/store/testing'
import { describe, expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

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

const input = ({ script_tag, repo_connection_uuid, settings }: Tenant) => ({
  external_script_id: script_tag,
  repo_connection_uuid,
  build_token_uuid: settings.build_token_uuid,
  trigger_name: 'Deploy non-production branches',
  build_command: '',
  deploy_command: 'npx wrangler versions upload',
  root_directory: '/',
  branch_includes: ['preview/*'],
  branch_excludes: ['main'],
  path_includes: ['*'],
  path_excludes: [],
})

describe('a trigger', () => {
  test('is made with all that clients of the real API require, and listed with its Worker', async () => {
    const account = await createAccount()
    const created = await account.send('POST', '/triggers', input(account))
    expect(created.status).toBe(200)
    const trigger = TriggerDetails.parse(created.result)
    expect(trigger).toMatchObject({
      build_command: '',
      branch_includes: ['preview/*'],
      build_caching_enabled: false,
      build_token_name: 'test token',
      deleted_on: null,
      repo_connection: { repo_connection_uuid: account.repo_connection_uuid },
    })
    const list = await account.send('GET', `/workers/${account.script_tag}/triggers`)
    expect(list.result.map((each: TriggerDetails) => each.trigger_uuid)).toEqual([
      account.trigger_uuid,
      trigger.trigger_uuid,
    ])
    expect(JSON.stringify(list.result)).not.toContain('sealed')
  })

  test('is the second at most, also when two are made at once', async () => {
    const account = await createAccount()
    const answers = await Promise.all(
      [1, 2, 3].map(() => account.send('POST', '/triggers', input(account))),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409])
    expect(answers.find((answer) => answer.status === 409)?.errors[0]).toMatchObject({
      code: 12049,
      message: expect.stringContaining('Deploy default branch'),
    })
  })

  test.each([
    ['branch_includes', null, ['branch_includes'], 'array'],
    ['branch_includes', ['main', 7], ['branch_includes', 1], 'string'],
    ['build_command', undefined, ['build_command'], 'string'],
    ['root_directory', '/a/../../b', ['root_directory'], 'must not leave the repository'],
    ['build_token_uuid', 'x', ['build_token_uuid'], 'uuid'],
    ['clone_depth', -1, ['clone_depth'], 'at least 0'],
    ['clone_repositories', ['lib'], ['clone_repositories', 0], 'expected owner/name'],
    ['clone_repositories', ['../lib'], ['clone_repositories', 0], 'expected a name or path'],
  ])('with %s=%j is refused, field by field', async (field, value, path, expected) => {
    const account = await createAccount()
    const { status, errors, request_id } = await account.send('POST', '/triggers', {
      ...input(account),
      [field]: value,
    })
    expect(status).toBe(400)
    expect(errors).toEqual([
      {
        code: 12002,
        message: expect.stringContaining(`Invalid request body: ${path.join('.')}=`),
        path,
        expected,
        got: expect.any(String),
        source: { pointer: `/${path.join('/')}` },
        documentation_url: expect.stringContaining('#invalid_request'),
      },
    ])
    expect(request_id).toBeTruthy()
  })

  test("takes no other account's Worker, token or repository", async () => {
    const [account, other] = [await createAccount(), await createAccount()]
    for (const foreign of [
      { external_script_id: other.script_tag },
      { repo_connection_uuid: other.repo_connection_uuid },
      { build_token_uuid: other.settings.build_token_uuid },
    ]) {
      const answer = await account.send('POST', '/triggers', { ...input(account), ...foreign })
      expect(answer).toMatchObject({ status: 404, errors: [{ code: 12000 }] })
    }
    const path = `/triggers/${other.trigger_uuid}`
    for (const [method, suffix, body] of [
      ['PATCH', '', { trigger_name: 'mine' }],
      ['DELETE', ''],
      ['POST', '/builds', { commit_hash: randomHex(40) }],
      ['POST', '/purge_build_cache'],
      ['GET', '/environment_variables'],
      ['PATCH', '/environment_variables', {}],
      ['DELETE', '/environment_variables/KEY'],
    ] as const) {
      const answer = await account.send(method, `${path}${suffix}`, body)
      expect([method, suffix, answer.status]).toEqual([method, suffix, 404])
    }
  })

  test('is changed in what is given, and no other way', async () => {
    const account = await createAccount()
    const path = `/triggers/${account.trigger_uuid}`
    const before = await account.send('PATCH', path, {})
    const { result } = await account.send('PATCH', path, {
      branch_includes: [],
      build_caching_enabled: true,
    })
    expect(result).toEqual({
      ...before.result,
      branch_includes: [],
      build_caching_enabled: true,
      modified_on: expect.any(String),
    })
  })

  test('clones one commit with its submodules, or as it is set', async () => {
    const account = await createAccount()
    const path = `/triggers/${account.trigger_uuid}`
    const before = await account.send('PATCH', path, {})
    expect(before.result).toMatchObject({
      clone_depth: 1,
      clone_submodules: true,
      clone_repositories: [],
    })
    const settings = {
      clone_depth: 0,
      clone_submodules: false,
      clone_repositories: ['team/lib', 'group/sub/lib.js'],
    }
    const { result } = await account.send('PATCH', path, settings)
    expect(result).toMatchObject(settings)
    const { account_id, trigger_uuid } = account
    const queued = await client.store.triggers.lockForBuild({ account_id, trigger_uuid })
    expect(queued?.settings).toMatchObject(settings)
  })

  test('that is deleted cancels what it has queued, and keeps no variable', async () => {
    const account = await createAccount()
    const path = `/triggers/${account.trigger_uuid}`
    await account.send('PATCH', `${path}/environment_variables`, {
      PLAIN: { is_secret: false, value: 'x' },
    })
    const { build } = await client.createBuild({ tenant: account })
    expect(await account.send('DELETE', path)).toMatchObject({ status: 200, result: null })
    const { result } = await account.send('GET', `/builds/${build.build_uuid}`)
    expect(result).toMatchObject({ status: 'stopped', build_outcome: 'cancelled' })
    expect(result.trigger.deleted_on).toEqual(expect.any(String))
    const rows = await client.sql`
      select from environment_variables where trigger_uuid = ${account.trigger_uuid}`
    expect(rows).toHaveLength(0)
    expect((await account.send('DELETE', path)).status).toBe(404)
    expect((await account.send('GET', `/workers/${account.script_tag}/triggers`)).result).toEqual(
      [],
    )
  })
})

describe('a manual build', () => {
  test('of a branch builds its head, of a commit that commit', async () => {
    const account = await createAccount()
    const path = `/triggers/${account.trigger_uuid}/builds`
    const branch = await account.send('POST', path, { branch: 'main' })
    expect(branch.result).toMatchObject({
      status: 'queued',
      build_trigger_metadata: {
        build_trigger_source: 'manual',
        branch: 'main',
        commit_message: 'Head of main',
      },
    })
    const commit = await account.send('POST', path, { commit_hash: 'abcdef0' })
    expect(commit.result.build_trigger_metadata).toMatchObject({
      branch: '',
      commit_hash: 'abcdef0'.padEnd(40, '0'),
    })
  })

  test.each([
    [{}, 400],
    [{ branch: 'gone' }, 404],
    [{ commit_hash: '0'.repeat(40) }, 404],
    [{ commit_hash: 'HEAD' }, 400],
    [{ branch: 'main', seed_repo: { provider: 'github', owner: 'a', repository: 'b' } }, 400],
  ])('of %j is refused', async (body, status) => {
    const account = await createAccount()
    const answer = await account.send('POST', `/triggers/${account.trigger_uuid}/builds`, body)
    expect(answer.status).toBe(status)
    const rows = await client.sql`select from builds where account_id = ${account.account_id}`
    expect(rows).toHaveLength(0)
  })
})

describe('environment variables', () => {
  const path = ({ trigger_uuid }: Tenant) => `/triggers/${trigger_uuid}/environment_variables`

  test('are merged; a secret reads back as null, and can be sent back so', async () => {
    const account = await createAccount()
    await account.send('PATCH', path(account), {
      PLAIN: { is_secret: false, value: 'one' },
      SECRET: { is_secret: true, value: 'sesame' },
    })
    const sealed = async () =>
      await client.sql<{ key: string; value_sealed: string | null }[]>`
        select key, value_sealed from environment_variables
        where trigger_uuid = ${account.trigger_uuid} order by key`
    const before = await sealed()
    const { result } = await account.send('PATCH', path(account), {
      SECRET: { is_secret: true, value: null },
      OTHER: { is_secret: false, value: '' },
    })
    expect(result).toEqual({
      OTHER: { is_secret: false, value: '', created_on: expect.any(String) },
      PLAIN: { is_secret: false, value: 'one', created_on: expect.any(String) },
      SECRET: { is_secret: true, value: null, created_on: expect.any(String) },
    })
    expect((await sealed()).filter((row) => row.key !== 'OTHER')).toEqual(before)
    expect(before[1]?.value_sealed).toContain(`${account.trigger_uuid}|SECRET`)
  })

  test('are removed one by one, or with null', async () => {
    const account = await createAccount()
    const variable = { is_secret: false, value: 'x' }
    await account.send('PATCH', path(account), { A: variable, B: variable })
    expect((await account.send('DELETE', `${path(account)}/A`)).result).toBeNull()
    expect((await account.send('DELETE', `${path(account)}/A`)).status).toBe(404)
    expect((await account.send('PATCH', path(account), { B: null })).result).toEqual({})
  })

  test('are 64 at most, counted together', async () => {
    const account = await createAccount()
    const many = (from: number, to: number) =>
      Object.fromEntries(
        Array.from({ length: to - from }, (_, i) => [
          `KEY_${from + i}`,
          { is_secret: false, value: 'x'.repeat(5_000) },
        ]),
      )
    expect((await account.send('PATCH', path(account), many(0, 64))).status).toBe(200)
    expect(await account.send('PATCH', path(account), many(64, 65))).toMatchObject({
      status: 400,
      errors: [{ code: 12002, got: '65 variables' }],
    })
    const swapped = { ...many(64, 65), KEY_0: null }
    expect((await account.send('PATCH', path(account), swapped)).status).toBe(200)
  })

  test.each([
    [{ '1KEY': { is_secret: false, value: 'planted' } }],
    [{ KEY: 'planted' }],
    [{ KEY: { is_secret: true, value: `planted${'x'.repeat(5_000)}` } }],
    [{ KEY: { is_secret: 'planted', value: 'planted' } }],
    ['planted'],
    [{ KEY: { is_secret: false, value: null } }],
    [{ KEY: { is_secret: false, value: 'a\0b' } }],
    [{ KEY: { is_secret: false, value: '\ud800' } }],
  ])('%j is refused, and its value shown nowhere', async (body) => {
    const account = await createAccount()
    const answer = await account.send('PATCH', path(account), body)
    expect(answer).toMatchObject({ status: 400, errors: [{ code: 12002 }] })
    expect(JSON.stringify(answer)).not.toContain('planted')
  })
})
