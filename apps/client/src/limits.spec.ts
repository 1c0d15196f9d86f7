/** Limits of how many there may be hold when many requests come at once. */
import { MAX_TRIGGERS, MAX_VARIABLES } from '@workers-builds/contracts'
import { randomHex } from '@workers-builds/store/testing'
import { describe, expect, test } from 'vitest'
import { useClient } from './testing/client-harness.ts'

const client = useClient()

async function createCaller() {
  const tenant = await client.createTenant()
  // Several tokens, so that the limit of one does not put the requests one after the other.
  const tokens = await Promise.all(
    Array.from({ length: 4 }, () => client.createToken({ accounts: [tenant.account_id] })),
  )
  const send = (method: string, path: string, body: object, i: number) =>
    client.call(`/client/v4/accounts/${tenant.account_id}${path}`, {
      method,
      token: tokens[i % tokens.length] ?? '',
      body: JSON.stringify(body),
    })
  return { ...tenant, send }
}

/** Sends `count` requests at once; returns how many were accepted, and how the others were refused. */
async function race(
  count: number,
  send: (i: number) => Promise<{ status: number; success: boolean; errors: { message: string }[] }>,
) {
  const answers = await Promise.all(Array.from({ length: count }, (_, i) => send(i)))
  return {
    accepted: answers.filter(({ success }) => success).length,
    refusals: [...new Set(answers.filter(({ success }) => !success).map(({ status }) => status))],
  }
}

describe('however many come at once,', () => {
  test('a Worker has two triggers at most', async () => {
    const { script_tag, repo_connection_uuid, settings, send } = await createCaller()
    const outcome = await race(12, (i) =>
      send(
        'POST',
        '/builds/triggers',
        {
          external_script_id: script_tag,
          repo_connection_uuid,
          build_token_uuid: settings.build_token_uuid,
          trigger_name: `trigger ${i}`,
          build_command: '',
          deploy_command: 'true',
          root_directory: '/',
          branch_includes: [`b${i}`],
          branch_excludes: [],
          path_includes: ['*'],
          path_excludes: [],
        },
        i,
      ),
    )
    expect(outcome).toEqual({ accepted: MAX_TRIGGERS - 1, refusals: [409] })
    const [row] = await client.sql`
      select count(*) from triggers where script_tag = ${script_tag} and deleted_on is null`
    expect(row?.['count']).toBe(MAX_TRIGGERS)
  })

  test('a Worker without triggers gets one set of them', async () => {
    const { settings, send } = await createCaller()
    const worker = await send('POST', '/workers/workers', { name: `w-${randomHex(8)}` }, 0)
    const side = {
      build_command: '',
      deploy_command: 'true',
      build_token_uuid: settings.build_token_uuid,
    }
    const outcome = await race(8, (i) =>
      send(
        'POST',
        '/builds/workers',
        {
          script_tag: worker.result.id,
          git_repository: {
            provider_type: 'github',
            provider_account_id: '1',
            provider_account_name: 'owner',
            repo_id: '1',
            repo_name: 'repo',
            branch: 'main',
          },
          production_settings: side,
          previews_enabled: true,
          previews_base_config: side,
        },
        i,
      ),
    )
    expect(outcome).toEqual({ accepted: 1, refusals: [409] })
  })

  test(`a trigger has ${MAX_VARIABLES} variables at most`, async () => {
    const { trigger_uuid, send } = await createCaller()
    const each = 10
    const outcome = await race(16, (i) => {
      const names = Array.from({ length: each }, (_, n) => `KEY_${i}_${n}`)
      const change = Object.fromEntries(
        names.map((name) => [name, { is_secret: false, value: 'x' }]),
      )
      return send('PATCH', `/builds/triggers/${trigger_uuid}/environment_variables`, change, i)
    })
    expect(outcome).toEqual({ accepted: Math.floor(MAX_VARIABLES / each), refusals: [400] })
  })

  test('a Worker has 100 deploy hooks at most', async () => {
    const { script_name, send } = await createCaller()
    const outcome = await race(108, (i) =>
      send(
        'POST',
        `/builds/workers/${script_name}/deploy_hooks`,
        { deploy_hook_name: `hook ${i}`, branch: 'main' },
        i,
      ),
    )
    expect(outcome).toEqual({ accepted: 100, refusals: [409] })
  })

  test('an account has 100 event subscriptions at most', async () => {
    const { account_id, send } = await createCaller()
    const outcome = await race(108, (i) =>
      send(
        'POST',
        '/event_subscriptions/subscriptions',
        {
          name: `subscription ${i}`,
          source: { type: 'workersBuilds.worker' },
          destination: { type: 'webhook', url: `https://receiver.example/${i}` },
          events: ['build.failed'],
        },
        i,
      ),
    )
    expect(outcome).toEqual({ accepted: 100, refusals: [409] })
    const [row] = await client.sql`
      select count(*) from event_subscriptions where account_id = ${account_id}`
    expect(row?.['count']).toBe(100)
  })

  test('a repository is connected to an account once, and a name belongs to one Worker', async () => {
    const { account_id, send } = await createCaller()
    const repository = {
      provider_type: 'github',
      provider_account_id: '7',
      provider_account_name: 'owner',
      repo_id: '7',
      repo_name: 'repo',
    }
    const connected = await race(12, (i) => send('PUT', '/builds/repos/connections', repository, i))
    expect(connected).toEqual({ accepted: 12, refusals: [] })
    const [row] = await client.sql`
      select count(*) from repo_connections where account_id = ${account_id} and repo_id = '7'`
    expect(row?.['count']).toBe(1)
    const name = `w-${randomHex(8)}`
    const workers = await race(12, (i) => send('POST', '/workers/workers', { name }, i))
    expect(workers).toEqual({ accepted: 1, refusals: [409] })
  })
})
