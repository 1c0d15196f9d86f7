import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type BuildReport, openRepository } from '../index.ts'
import { fakeGitHub, repositoryInMemory } from '../testing/index.ts'
import type { TokenCache } from './installation-token.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const public_key = publicKey.export({ type: 'spki', format: 'pem' }).toString()
const pem = (type: 'pkcs1' | 'pkcs8') => privateKey.export({ type, format: 'pem' }).toString()

const other = repositoryInMemory({ id: 8, name: 'other' })

function setUp({
  private_key = pem('pkcs8'),
  app_id = '42',
  installation_id = '7' as string | null,
  suspended = false,
  installed = [9],
  given = ['6', '7'],
  token = null as string | null,
  now = () => new Date(),
  cache = new Map() as TokenCache,
} = {}) {
  const repository = repositoryInMemory({
    id: 9,
    files: { 'wrangler.toml': 'name = "shop"', 'apps/web/package.json': '{}' },
    branches: { 'feature/x': 'f'.repeat(40) },
  })
  const github = fakeGitHub({
    app: { app_id: '42', public_key },
    installations: [
      {
        id: 7,
        repository_ids: installed,
        permissions: { contents: 'read', checks: 'write' },
        suspended,
      },
    ],
    tokens: ['ghp_personal'],
    findRepository: async (owner, name) =>
      [repository, other].find((found) => found.owner === owner && found.name === name),
    now,
  })
  const app = token === null ? { app_id, private_key } : null
  const urls = { api_url: 'https://api.github.example', git_url: 'https://github.example' }
  const open = () =>
    openRepository(
      { github: { ...urls, app, token }, gitlab: { url: 'https://gitlab.example' } },
      {
        provider_type: 'github',
        provider_account_name: 'owner',
        repo_id: '9',
        repo_name: 'repo',
        installation_id,
        given_installation_ids: given,
      },
      {
        fetch: github.fetch,
        cache,
        now,
        getGitLabToken: () => Promise.reject(new Error('GitLab')),
      },
    )
  return { repository, github, open, cache }
}

test.each(['pkcs1', 'pkcs8'] as const)(
  'a key in %s mints a token that clones this repository alone',
  async (type) => {
    const { open, github } = setUp({ private_key: pem(type) })
    const { clone_url, credentials } = await open().getCloneAccess()
    expect(clone_url).toBe('https://github.example/owner/repo.git')
    expect(credentials?.username).toBe('x-access-token')
    expect(github.mayClone(credentials?.password ?? '', 9)).toBe(true)
    expect(github.mayClone(credentials?.password ?? '', 8)).toBe(false)
  },
)

describe('further repositories of a clone', () => {
  test('are read with the same token, and no others are', async () => {
    const { open, github } = setUp({ installed: [8, 9] })
    const access = await open().getCloneAccess({ further_repositories: ['Owner/other'] })
    const { password = '' } = access.credentials ?? {}
    expect([9, 8].map((id) => github.mayClone(password, id))).toEqual([true, true])
    const alone = await open().getCloneAccess()
    expect(github.mayClone(alone.credentials?.password ?? '', 8)).toBe(false)
  })

  test.each([
    ['the App is not installed on', { installed: [9] }, 'owner/other'],
    ['do not exist', { installed: [8, 9] }, 'owner/gone'],
    ['another owner has', { installed: [8, 9] }, 'stranger/other'],
  ])('that %s are refused by name', async (_, options, further) => {
    const { open } = setUp(options)
    const access = open().getCloneAccess({ further_repositories: [further] })
    await expect(access).rejects.toMatchObject({
      code: 'repo_disconnected',
      message: expect.stringContaining(further),
    })
  })

  test('need no permission but to read them where a personal token reads all', async () => {
    const { open, github } = setUp({ token: 'ghp_personal' })
    await open().getCloneAccess({ further_repositories: ['owner/other'] })
    expect(github.requests).toEqual([])
  })
})

test('the installation is looked up when it is not known', async () => {
  const { open, github } = setUp({ installation_id: null })
  await open().getCloneAccess()
  expect(github.requests).toEqual([
    'GET /repos/owner/repo/installation',
    'POST /app/installations/7/access_tokens',
  ])
})

test('a token is used again while it lives long enough, and no longer', async () => {
  let time = Date.now()
  const { open, github } = setUp({ now: () => new Date(time) })
  const first = await open().getCloneAccess()
  time += 40 * 60_000
  expect(await open().getCloneAccess()).toEqual(first)
  time += 10 * 60_000
  expect(await open().getCloneAccess()).not.toEqual(first)
  expect(github.requests).toHaveLength(2)
})

test('a token that was minted for one account is not for another', async () => {
  const { open, cache } = setUp()
  await open().getCloneAccess()
  const other = setUp({ given: [], cache })
  await expect(other.open().getCloneAccess()).rejects.toMatchObject({ code: 'repo_disconnected' })
})

test('a clone and a report have tokens of their own', async () => {
  const { open, github, repository } = setUp()
  const report = {
    commit_hash: repository.head,
    branch: 'main',
    name: 'Workers Builds: shop',
    build_uuid: crypto.randomUUID(),
    details_url: 'https://builds.example/1',
    title: 'Build failed',
    summary: 'Because.',
    annotations: [],
  }
  const id = await open().reportBuild({ ...report, state: 'running' }, null)
  expect(await open().reportBuild({ ...report, state: 'failure' }, id)).toBe(id)
  expect(github.checkRuns).toMatchObject([
    { status: 'completed', conclusion: 'failure', external_id: report.build_uuid },
  ])
  const { credentials } = await open().getCloneAccess()
  expect(github.mayClone(credentials?.password ?? '', 9)).toBe(true)
})

test('places in the code are annotated once, however often the report is sent', async () => {
  const { open, github, repository } = setUp()
  const place = { file: 'src/a.ts', line: 3, column: 5, title: 'A type', message: 'is wrong' }
  const report: BuildReport = {
    commit_hash: repository.head,
    branch: 'main',
    name: 'Workers Builds: shop',
    build_uuid: crypto.randomUUID(),
    details_url: 'https://builds.example/',
    state: 'failure',
    title: 'Build failed',
    summary: 'Because.',
    annotations: [],
  }
  const id = await open().reportBuild({ ...report, state: 'running' }, null)
  const annotations = [place, { ...place, file: 'src/b.ts', column: null }]
  for (let times = 0; times < 2; times++) {
    expect(await open().reportBuild({ ...report, annotations }, id)).toBe(id)
  }
  const common = { annotation_level: 'failure', title: 'A type', message: 'is wrong' }
  const line = { start_line: 3, end_line: 3 }
  expect(github.checkRuns[0]?.output?.annotations).toEqual([
    { ...common, ...line, path: 'src/a.ts', start_column: 5, end_column: 5 },
    { ...common, ...line, path: 'src/b.ts' },
  ])
})

test('branches, commits, files and folders are read', async () => {
  const { open, repository } = setUp()
  const { head } = repository
  expect(await open().resolveBranch('main')).toMatchObject({ commit_hash: head, author: 'Ada' })
  expect(await open().resolveBranch('feature/x')).toMatchObject({ commit_hash: 'f'.repeat(40) })
  expect(await open().resolveCommit(head.slice(0, 8))).toMatchObject({ commit_hash: head })
  expect(await open().readFile({ commit_hash: head, path: '/wrangler.toml' })).toBe('name = "shop"')
  expect(await open().readFile({ commit_hash: head, path: 'none' })).toBeUndefined()
  expect(await open().listFiles({ commit_hash: head, path: '/' })).toEqual(['wrangler.toml'])
  expect(await open().listFiles({ commit_hash: head, path: 'apps/web/' })).toEqual(['package.json'])
  expect(await open().listFiles({ commit_hash: head, path: 'nowhere' })).toBeUndefined()
})

test('without an App the one token of this machine is used', async () => {
  const { open } = setUp({ token: 'ghp_personal' })
  expect((await open().getCloneAccess()).credentials?.password).toBe('ghp_personal')
  await expect(open().resolveBranch('main')).resolves.toBeDefined()
})

test('what is not in the repository is not found', async () => {
  const { open } = setUp()
  await expect(open().resolveBranch('gone')).rejects.toMatchObject({
    code: 'not_found',
    message: 'Not found: branch gone in owner/repo',
  })
  await expect(open().resolveCommit('0000000')).rejects.toMatchObject({ code: 'not_found' })
})

test.each([
  ['an App with another key', { private_key: otherKey() }, 'its id or private key is wrong'],
  ['an App whose key is none', { private_key: 'no key' }, 'cannot be read'],
  ['an App with another id', { app_id: '43' }, 'its id or private key is wrong'],
  ['an installation that is gone', { installation_id: '6' }, 'not installed on owner/repo (404)'],
  [
    'an installation without the repository',
    { installed: [8] },
    'not installed on owner/repo (422)',
  ],
  ['a suspended installation', { suspended: true }, 'is suspended (403)'],
  ['an installation of somebody else', { given: ['8'] }, 'was not given to this account'],
  [
    'one that has to be looked up',
    { given: [], installation_id: null },
    'was not given to this account',
  ],
  ['a token that was revoked', { token: 'revoked' }, 'does not let us read owner/repo (401)'],
])('%s is a disconnected repository, and says which', async (_, options, message) => {
  const { open } = setUp(options)
  await expect(open().resolveBranch('main')).rejects.toMatchObject({
    code: 'repo_disconnected',
    message: expect.stringContaining(message),
  })
})

test('a clock of ours that is a little wrong does no harm', async () => {
  for (const offset of [-45_000, 45_000]) {
    const github = setUp().github
    const ours = setUp({ now: () => new Date(Date.now() + offset) })
    const repository = openRepository(
      {
        github: {
          api_url: 'https://api.github.example',
          git_url: 'https://github.example',
          app: { app_id: '42', private_key: pem('pkcs8') },
          token: null,
        },
        gitlab: { url: 'https://gitlab.example' },
      },
      {
        provider_type: 'github',
        provider_account_name: 'owner',
        repo_id: '9',
        repo_name: 'repo',
        installation_id: '7',
        given_installation_ids: ['7'],
      },
      {
        fetch: github.fetch,
        cache: ours.cache,
        now: () => new Date(Date.now() + offset),
        getGitLabToken: () => Promise.reject(new Error('GitLab')),
      },
    )
    await expect(repository.getCloneAccess()).resolves.toBeDefined()
  }
})

test.each([
  ['fails', async () => new Response('oh', { status: 502 })],
  [
    'limits us',
    async () => new Response('{}', { status: 403, headers: { 'x-ratelimit-remaining': '0' } }),
  ],
  ['is away', async () => Promise.reject(new TypeError('connection refused'))],
  ['answers nonsense', async () => new Response('<html>', { status: 200 })],
])('a provider that %s is asked again later', async (_, fetch) => {
  const github = {
    api_url: 'https://a.example',
    git_url: 'https://g.example',
    app: null,
    token: 't',
  }
  const repository = openRepository(
    { github, gitlab: { url: 'https://gitlab.example' } },
    {
      provider_type: 'github',
      provider_account_name: 'o',
      repo_id: '9',
      repo_name: 'r',
      installation_id: null,
      given_installation_ids: [],
    },
    { fetch, getGitLabToken: () => Promise.reject(new Error('GitLab')) },
  )
  await expect(repository.resolveBranch('main')).rejects.toMatchObject({ code: 'unavailable' })
})

function otherKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}
