import { env } from 'cloudflare:workers'
import { fakeGitLab, repositoryInMemory } from '@workers-builds/git-providers/testing'
import { parseKeyring } from '@workers-builds/sealing'
import { storeOn } from '@workers-builds/store'
import { afterEach, expect, test, vi } from 'vitest'
import { useBuildManagement } from '../testing/build-management-harness.ts'
import { connectedRepository } from './git-providers.ts'
import { place } from './gitlab-token.ts'

const h = useBuildManagement()
const application = { client_id: 'client', client_secret: 'gitlab client secret' }
const gitEnv = { ...env, GITLAB_URL: 'https://gitlab.example', GITLAB_CLIENT_ID: 'client' }

afterEach(() => vi.unstubAllGlobals())

/** A connection to a project at GitLab whose access token ends at `expires_on`. */
async function setUp({ expires_on }: { expires_on: Date }) {
  const { account_id, repo_connection_uuid } = await h.createTenant()
  const repository = repositoryInMemory({ id: 77 })
  const gitlab = fakeGitLab({ repositories: [repository], application })
  vi.stubGlobal('fetch', gitlab.fetch)
  const grant_id = crypto.randomUUID()
  const tokens = gitlab.grant()
  const keyring = parseKeyring(env.BUILD_KEYRING)
  await h.store.gitGrants.insert({
    grant_id,
    account_id,
    expires_on,
    provider_type: 'gitlab',
    kind: 'oauth',
    username: 'oauth2',
    access_token_sealed: await keyring.seal(tokens.access_token, place({ grant_id }, 'access')),
    refresh_token_sealed: await keyring.seal(tokens.refresh_token, place({ grant_id }, 'refresh')),
  })
  await h.sql`
    update repo_connections set provider_type = 'gitlab', repo_id = '77', grant_id = ${grant_id}
    where repo_connection_uuid = ${repo_connection_uuid}`
  const open = () => connectedRepository(gitEnv, storeOn(h.sql), repo_connection_uuid)
  return { gitlab, repository, open, grant_id, tokens }
}

const inAnHour = () => new Date(Date.now() + 3_600_000)
const aMinuteAgo = () => new Date(Date.now() - 60_000)

test('a token that lives is used as it is', async () => {
  const { gitlab, open, repository, tokens } = await setUp({ expires_on: inAnHour() })
  const git = await open()
  expect(await git.resolveBranch('main')).toMatchObject({ commit_hash: repository.head })
  expect((await git.getCloneAccess()).credentials).toEqual({
    username: 'oauth2',
    password: tokens.access_token,
  })
  expect(gitlab.refreshes).toBe(0)
})

test('many that find a token ended refresh it once, and none loses the new one', async () => {
  const { gitlab, open, repository, grant_id, tokens } = await setUp({ expires_on: aMinuteAgo() })
  gitlab.expire(tokens.access_token)
  const commits = await Promise.all(
    Array.from({ length: 6 }, async () => (await open()).resolveBranch('main')),
  )
  for (const commit of commits) expect(commit.commit_hash).toBe(repository.head)
  expect(gitlab.refreshes).toBe(1)
  // What was stored refreshes again.
  await h.sql`update git_grants set expires_on = now() where grant_id = ${grant_id}`
  await expect((await open()).resolveBranch('main')).resolves.toBeDefined()
  expect(gitlab.refreshes).toBe(2)
})

test('tokens lie sealed, each in its place', async () => {
  const { grant_id, tokens } = await setUp({ expires_on: inAnHour() })
  const [row] = await h.sql`select * from git_grants where grant_id = ${grant_id}`
  expect(JSON.stringify(row)).not.toContain(tokens.access_token)
  expect(JSON.stringify(row)).not.toContain(tokens.refresh_token)
  await h.sql`
    update git_grants set access_token_sealed = refresh_token_sealed where grant_id = ${grant_id}`
  const grant = await h.store.gitGrants.select(grant_id)
  const open = parseKeyring(env.BUILD_KEYRING).open(
    grant?.access_token_sealed ?? '',
    place({ grant_id }, 'access'),
  )
  await expect(open).rejects.toThrow('does not open')
})

test('a grant that was taken back is a disconnected repository', async () => {
  const { gitlab, open, tokens } = await setUp({ expires_on: inAnHour() })
  gitlab.expire(tokens.access_token)
  await expect((await open()).resolveBranch('main')).rejects.toMatchObject({
    code: 'repo_disconnected',
  })
})

test('a refresh that GitLab refuses is a disconnected repository, one that it fails is not', async () => {
  const { open } = await setUp({ expires_on: aMinuteAgo() })
  vi.stubGlobal('fetch', async () => new Response('{"error":"invalid_grant"}', { status: 400 }))
  await expect((await open()).getCloneAccess()).rejects.toMatchObject({ code: 'repo_disconnected' })
  vi.stubGlobal('fetch', async () => new Response('', { status: 500 }))
  await expect((await open()).getCloneAccess()).rejects.toMatchObject({ code: 'unavailable' })
})

test('a branch that is not in a visible project is not found', async () => {
  const { open } = await setUp({ expires_on: inAnHour() })
  await expect((await open()).resolveBranch('gone')).rejects.toMatchObject({ code: 'not_found' })
  await h.sql`update repo_connections set repo_id = '78'`
  await expect((await open()).resolveBranch('main')).rejects.toMatchObject({
    code: 'repo_disconnected',
  })
})
