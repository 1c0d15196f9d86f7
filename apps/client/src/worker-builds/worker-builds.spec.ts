import { randomHex } from '@workers-builds/store/testing'
import { expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()

async function createAccount() {
  const tenant = await client.createTenant()
  const token = await client.createToken({ accounts: [tenant.account_id] })
  const base = `/client/v4/accounts/${tenant.account_id}`
  const send = (method: string, path: string, body?: unknown) =>
    client.call(`${base}${path}`, {
      method,
      token,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const { result: worker } = await send('POST', '/workers/workers', { name: `w-${randomHex(8)}` })
  const settings = {
    build_command: '',
    deploy_command: 'npx wrangler deploy',
    build_token_uuid: tenant.settings.build_token_uuid,
  }
  const input = {
    script_tag: worker.id,
    git_repository: {
      provider_type: 'github',
      provider_account_id: '1',
      provider_account_name: 'owner',
      repo_id: '2',
      repo_name: 'repo',
      branch: 'main',
    },
    production_settings: {
      ...settings,
      environment_variables: { SECRET: { is_secret: true, value: 'sesame' } },
    },
    previews_enabled: false,
    previews_base_config: { ...settings, deploy_command: 'npx wrangler preview' },
  }
  return { ...tenant, send, input, path: `/builds/workers/${worker.id}` }
}

test('how a Worker is built is made, read and changed as one thing', async () => {
  const { send, input, path } = await createAccount()
  expect(await send('GET', path)).toMatchObject({ status: 404, errors: [{ code: 12040 }] })
  const created = await send('POST', '/builds/workers', input)
  expect(created.status).toBe(201)
  const { webhook_secret, ...git_repository } = created.result.git_repository
  expect(webhook_secret).toEqual(expect.any(String))
  const read = await send('GET', path)
  expect(read.result).toEqual({ ...created.result, git_repository })
  expect(read.result).toMatchObject({
    script_tag: input.script_tag,
    git_repository: input.git_repository,
    production_settings: {
      root_directory: '/',
      build_caching_enabled: true,
      environment_variables: { SECRET: { is_secret: true, value: null } },
    },
    previews_enabled: false,
    previews_base_config: { deploy_command: 'npx wrangler preview', environment_variables: {} },
  })
  const changed = await send('PATCH', path, {
    git_repository: { branch: 'trunk' },
    production_settings: { build_command: 'make', environment_variables: { SECRET: null } },
    previews_enabled: true,
  })
  expect(changed.result).toEqual({
    ...read.result,
    git_repository: { ...git_repository, branch: 'trunk' },
    production_settings: {
      ...read.result.production_settings,
      build_command: 'make',
      environment_variables: {},
    },
    previews_enabled: true,
  })
  const { result: triggers } = await send('GET', `${path}/triggers`)
  expect(triggers).toHaveLength(2)
  expect(triggers).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ branch_includes: ['trunk'], branch_excludes: [] }),
      expect.objectContaining({
        branch_includes: ['*'],
        branch_excludes: ['trunk'],
        builds_enabled: true,
      }),
    ]),
  )
})

test("it is made once, with what is one's own", async () => {
  const [account, other] = [await createAccount(), await createAccount()]
  const { send, input } = account
  const foreign = {
    ...input.previews_base_config,
    build_token_uuid: other.settings.build_token_uuid,
  }
  const refused = await send('POST', '/builds/workers', { ...input, previews_base_config: foreign })
  expect(refused.status).toBe(404)
  expect((await send('GET', `${account.path}/triggers`)).result).toEqual([])
  const answers = await Promise.all([1, 2].map(() => send('POST', '/builds/workers', input)))
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409])
  expect((await other.send('GET', account.path)).status).toBe(404)
  expect((await other.send('PATCH', account.path, {})).status).toBe(404)
})

test('a Worker that is not to be built any more keeps its history, and may be connected again', async () => {
  const { send, input, path } = await createAccount()
  await send('POST', '/builds/workers', input)
  expect(await send('DELETE', path)).toMatchObject({ status: 200, result: null })
  expect(await send('GET', path)).toMatchObject({ status: 404, errors: [{ code: 12040 }] })
  expect(await send('DELETE', path)).toMatchObject({ status: 404, errors: [{ code: 12040 }] })
  expect((await send('GET', `${path}/triggers`)).result).toEqual([])
  expect((await send('GET', `${path}/builds`)).status).toBe(200)
  expect((await send('POST', '/builds/workers', input)).status).toBe(201)
})

test('with it go the builds that have not begun', async () => {
  const { account_id, script_tag, send, ...tenant } = await createAccount()
  const { build } = await client.createBuild({ tenant: { account_id, script_tag, ...tenant } })
  const foreign = await createAccount()
  expect((await foreign.send('DELETE', `/builds/workers/${script_tag}`)).status).toBe(404)
  expect((await send('DELETE', `/builds/workers/${script_tag}`)).status).toBe(200)
  const { result } = await send('GET', `/builds/builds/${build.build_uuid}`)
  expect(result).toMatchObject({ status: 'stopped', build_outcome: 'cancelled' })
})

test('previews are switched on once the trigger for some branches is migrated to all of them', async () => {
  const { send, input, path } = await createAccount()
  await send('POST', '/builds/workers', input)
  const { result: triggers } = await send('GET', `${path}/triggers`)
  const other = triggers.find((trigger: { branch_includes: string[] }) =>
    trigger.branch_includes.includes('*'),
  )
  const some = { branch_includes: ['preview/*'], branch_excludes: [] }
  await send('PATCH', `/builds/triggers/${other.trigger_uuid}`, some)
  expect(await send('PATCH', path, { previews_enabled: true })).toMatchObject({
    status: 400,
    errors: [{ code: 12048, message: expect.stringContaining('migrate_to_previews') }],
  })
  const deploy_command = 'npx wrangler preview --all'
  const migrated = await send('POST', `${path}/migrate_to_previews`, { deploy_command })
  expect(migrated).toMatchObject({
    status: 200,
    result: { previews_base_config: { deploy_command } },
  })
  expect((await send('GET', `${path}/triggers`)).result).toContainEqual(
    expect.objectContaining({
      trigger_uuid: other.trigger_uuid,
      deploy_command,
      branch_includes: ['*'],
      branch_excludes: ['main'],
    }),
  )
  expect((await send('PATCH', path, { previews_enabled: true })).status).toBe(200)
})

test('what is not there of Previews is said', async () => {
  const { send, path } = await createAccount()
  expect(await send('GET', `${path}/previews`)).toMatchObject({
    status: 404,
    errors: [{ code: 12000, message: expect.stringContaining('previews_base_config') }],
  })
})
