import { env } from 'cloudflare:workers'
import examples from '@octokit/webhooks-examples'
import { randomHex } from '@workers-builds/store/testing'
import { describe, expect, test } from 'vitest'
import { useClient } from '../../testing/client-harness.ts'
import { delivery, pushBody } from '../../testing/github-delivery.ts'

const client = useClient()
const secret = env.GITHUB_APP_WEBHOOK_SECRET

/** The installation through which events come, where a test does not say which. */
const INSTALLATION = 4711

/** Sends an event as the App's own webhook. */
async function send(event: string, body: unknown, delivery_id?: string) {
  const through = { installation: { id: INSTALLATION } }
  const text = typeof body === 'string' ? body : JSON.stringify({ ...through, ...Object(body) })
  const ids = delivery_id ? { delivery_id } : {}
  return await client.call('/webhooks/github', await delivery(text, { secret, event, ...ids }))
}

/** An account that is connected to a repository, and has the App's installations. */
async function createConnected(installation_ids = [INSTALLATION]) {
  const tenant = await client.createWebhookTenant('its own')
  const { account_id } = tenant
  for (const id of installation_ids) {
    await client.store.gitInstallations.give({ account_id, installation_id: String(id) })
  }
  const repository = { id: tenant.repo_id }
  const connection = async () => {
    const [row] = await client.sql`
      select * from repo_connections
      where repo_connection_uuid = ${tenant.repo_connection_uuid}`
    return row
  }
  const builds = async () =>
    await client.sql`select * from builds where account_id = ${tenant.account_id}`
  return { ...tenant, repository, connection, builds }
}

describe('the example payloads of GitHub', () => {
  const events = examples.flatMap(({ name, examples: bodies }) =>
    bodies.map((body, i) => ({ name, body, label: `${name} ${i}` })),
  )

  test('are all answered with what came of them', async () => {
    expect(events.length).toBeGreaterThan(300)
    for (const { name, body, label } of events) {
      const answer = await send(name, body)
      expect(answer, label).toMatchObject({ status: 200, result: { build_uuids: [] } })
      expect(answer.result.ignored, label).toEqual(expect.any(String))
    }
  })

  test('make no 5xx when anything in them is something else', async () => {
    const strange = [null, true, -1, 1e300, '', '\u0000\ud800', 'x'.repeat(10_000), [], {}, [[]]]
    let turn = 0
    const ours = ['push', 'pull_request', 'check_run', 'check_suite', 'repository', 'installation']
    const related = events.filter(({ name }) => ours.some((own) => name.startsWith(own)))
    for (const { name, body, label } of related) {
      for (let i = 0; i < 6; i++) {
        const changed = structuredClone(body) as unknown as Record<string, unknown>
        const paths = pathsOf(changed, 3)
        const path = paths[(turn * 7_919) % paths.length] ?? []
        replaceAt(changed, path, strange[turn++ % strange.length])
        const { status } = await send(name, changed)
        expect([200, 400], `${label} with another ${path.join('.')}`).toContain(status)
      }
    }
  })
})

test('a push is built by every account that is connected to the repository', async () => {
  const [one, two] = [await createConnected(), await createConnected()]
  await client.sql`
    update repo_connections set repo_id = ${String(one.repo_id)}
    where repo_connection_uuid = ${two.repo_connection_uuid}`
  const push = JSON.parse(pushBody({ repo_id: one.repo_id }))
  const { result } = await send('push', push, 'delivery')
  expect(result.build_uuids).toHaveLength(2)
  expect(await send('push', push, 'delivery')).toMatchObject({
    result: { duplicate: true, build_uuids: result.build_uuids },
  })
  for (const tenant of [one, two]) {
    expect(await tenant.builds()).toHaveLength(1)
    expect(await tenant.connection()).toMatchObject({ installation_id: '4711' })
  }
})

test("an account that connects somebody else's repository gets no push of it", async () => {
  const stranger = await createConnected([])
  const { result } = await send('push', JSON.parse(pushBody({ repo_id: stranger.repo_id })))
  expect(result).toMatchObject({ build_uuids: [], ignored: expect.stringContaining('no account') })
  expect(await stranger.builds()).toEqual([])
})

test("a push that both the App and the repository's webhook report makes one build", async () => {
  const tenant = await createConnected()
  const body = pushBody({ repo_id: tenant.repo_id, before: randomHex(40), after: randomHex(40) })
  const own = `/webhooks/github/${tenant.repo_connection_uuid}`
  await Promise.all([
    send('push', JSON.parse(body)),
    client.call(own, await delivery(body, tenant)),
  ])
  expect(await tenant.builds()).toHaveLength(1)
})

test('a repository that is renamed or moved is followed', async () => {
  const tenant = await createConnected()
  await send('repository', {
    action: 'renamed',
    repository: { ...tenant.repository, name: 'shop2', owner: { id: 5, login: 'old' } },
  })
  expect(await tenant.connection()).toMatchObject({
    repo_name: 'shop2',
    provider_account_name: 'old',
    provider_account_id: '5',
  })
  await send('repository', {
    action: 'transferred',
    repository: { ...tenant.repository, name: 'shop2', owner: { id: 6, login: 'new' } },
  })
  expect(await tenant.connection()).toMatchObject({ provider_account_id: '6' })
  await send('installation_target', {
    action: 'renamed',
    account: { id: 6, login: 'newer' },
  })
  expect(await tenant.connection()).toMatchObject({ provider_account_name: 'newer' })
})

describe('access', () => {
  const installation = () => ({ id: Math.floor(Math.random() * 1e9) })

  test('is lost and given with the installation', async () => {
    const [app, again] = [{ installation: installation() }, { installation: installation() }]
    const tenant = await createConnected([app.installation.id, again.installation.id])
    const push = () =>
      send('push', { ...JSON.parse(pushBody({ repo_id: tenant.repo_id })), ...app })
    await push()
    await send('installation', { action: 'suspend', ...app })
    expect(await tenant.connection()).toMatchObject({ disconnect_reason: 'installation_suspended' })
    expect((await push()).result.ignored).toContain('installation_suspended')
    await send('installation', { action: 'unsuspend', ...app })
    expect(await tenant.connection()).toMatchObject({ disconnect_reason: null })
    await send('installation', { action: 'deleted', ...app })
    expect(await tenant.connection()).toMatchObject({ disconnect_reason: 'installation_deleted' })
    await send('installation', { action: 'unsuspend', installation: { id: app.installation.id } })
    expect(await tenant.connection()).toMatchObject({ disconnect_reason: 'installation_deleted' })
    const repositories = [tenant.repository]
    await send('installation', { action: 'created', repositories, ...again })
    expect(await tenant.connection()).toMatchObject({
      disconnect_reason: null,
      installation_id: String(again.installation.id),
    })
  })

  test('is given with the installation of an organization that has 100,000 repositories', async () => {
    const app = { installation: installation() }
    const tenant = await createConnected([app.installation.id])
    await send('push', { ...JSON.parse(pushBody({ repo_id: tenant.repo_id })), ...app })
    await send('installation', { action: 'deleted', ...app })
    const others = Array.from({ length: 100_000 }, (_, i) => ({
      id: 2_000_000_000 + i,
      node_id: `R_${i}`,
      name: `repository-${i}`,
      full_name: `organization/repository-${i}`,
      private: true,
    }))
    const repositories = [...others, tenant.repository]
    const answer = await send('installation', { action: 'created', repositories, ...app })
    expect(answer.status).toBe(200)
    expect(await tenant.connection()).toMatchObject({ disconnect_reason: null })
  })

  test('is lost and given with the repository, and others keep theirs', async () => {
    const app = { installation: installation() }
    const ids = [app.installation.id]
    const [tenant, other] = [await createConnected(ids), await createConnected(ids)]
    for (const { repo_id } of [tenant, other]) {
      await send('push', { ...JSON.parse(pushBody({ repo_id })), ...app })
    }
    const repositories_removed = [tenant.repository]
    await send('installation_repositories', { action: 'removed', repositories_removed, ...app })
    expect(await tenant.connection()).toMatchObject({ disconnect_reason: 'repository_removed' })
    expect(await other.connection()).toMatchObject({ disconnect_reason: null })
    const repositories_added = [tenant.repository]
    await send('installation_repositories', { action: 'added', repositories_added, ...app })
    expect(await tenant.connection()).toMatchObject({ disconnect_reason: null })
    await send('repository', { action: 'deleted', repository: tenant.repository, ...app })
    expect(await tenant.connection()).toMatchObject({ disconnect_reason: 'repository_deleted' })
  })
})

describe('refused with a 4xx', () => {
  test("a connection's own secret, and none", async () => {
    const tenant = await createConnected()
    const body = pushBody(tenant)
    const request = await delivery(body, { secret: tenant.secret })
    expect((await client.call('/webhooks/github', request)).status).toBe(401)
    const unsigned = { method: 'POST', body, headers: { 'x-github-event': 'push' } }
    expect((await client.call('/webhooks/github', unsigned)).status).toBe(401)
    expect(await tenant.builds()).toEqual([])
  })

  test('what is no JSON, or no event', async () => {
    for (const body of ['push!', '', '[]', 'null', '"x"', '[['.repeat(50_000)]) {
      expect(await send('push', body)).toMatchObject({ status: 400, errors: [{ code: 12002 }] })
    }
  })
})

/** Where in `value` there is something, `depth` steps down at most. */
function pathsOf(value: unknown, depth: number): string[][] {
  if (depth === 0 || typeof value !== 'object' || value === null) return [[]]
  return Object.entries(value).flatMap(([key, inner]) => [
    [key],
    ...pathsOf(inner, depth - 1).map((path) => [key, ...path]),
  ])
}

function replaceAt(target: Record<string, unknown>, path: string[], value: unknown): void {
  const [key = '', ...rest] = path
  if (rest.length === 0) target[key] = value
  else replaceAt(target[key] as Record<string, unknown>, rest, value)
}
