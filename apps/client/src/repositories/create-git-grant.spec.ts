import { expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()

async function createProject() {
  const tenant = await client.createTenant()
  await client.sql`
    update repo_connections set provider_type = 'gitlab'
    where repo_connection_uuid = ${tenant.repo_connection_uuid}`
  const token = await client.createToken({ accounts: [tenant.account_id] })
  const create = (body: object) =>
    client.call(`/client/v4/accounts/${tenant.account_id}/builds/repos/grants`, {
      method: 'POST',
      token,
      body: JSON.stringify(body),
    })
  return { ...tenant, create }
}

const oauth = {
  kind: 'oauth',
  access_token: 'the access token',
  refresh_token: 'the refresh token',
  expires_on: '2026-11-22T08:00:00Z',
}

test('a grant serves its connections, and its tokens are shown to nobody', async () => {
  const { create, repo_connection_uuid } = await createProject()
  const answer = await create({ ...oauth, repo_connection_uuids: [repo_connection_uuid] })
  expect(answer).toMatchObject({ status: 200 })
  expect(JSON.stringify(answer)).not.toContain('token')
  const { grant_id } = answer.result
  expect(await client.store.repoConnections.selectRepository(repo_connection_uuid)).toMatchObject({
    grant_id,
  })
  expect(await client.store.gitGrants.select(grant_id)).toMatchObject({
    kind: 'oauth',
    username: 'oauth2',
    expires_on: new Date(oauth.expires_on),
  })
  // A token that is not refreshed takes its place.
  const next = await create({
    kind: 'deploy_token',
    username: 'deployer',
    access_token: 'another',
    repo_connection_uuids: [repo_connection_uuid],
  })
  expect(await client.store.gitGrants.select(next.result.grant_id)).toMatchObject({
    username: 'deployer',
    refresh_token_sealed: null,
  })
})

test('connections of another account, or to another provider, get none', async () => {
  const [mine, other] = [await createProject(), await createProject()]
  const github = await client.createTenant()
  for (const uuid of [other.repo_connection_uuid, github.repo_connection_uuid]) {
    const repo_connection_uuids = [mine.repo_connection_uuid, uuid]
    expect(await mine.create({ ...oauth, repo_connection_uuids })).toMatchObject({
      status: 404,
      errors: [{ code: 12000 }],
    })
    expect(await client.store.repoConnections.selectRepository(uuid)).toMatchObject({
      grant_id: null,
    })
  }
})

test.each([
  { kind: 'oauth', access_token: 'x' },
  { kind: 'deploy_token', access_token: 'x' },
  { kind: 'password', access_token: 'x' },
])('%j is refused', async (tokens) => {
  const { create, repo_connection_uuid } = await createProject()
  const answer = await create({ ...tokens, repo_connection_uuids: [repo_connection_uuid] })
  expect(answer.status).toBe(400)
  expect(new Set(answer.errors.map(({ code }) => code))).toEqual(new Set([12002]))
})
