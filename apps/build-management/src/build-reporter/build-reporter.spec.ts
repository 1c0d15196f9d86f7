import { env } from 'cloudflare:workers'
import { generateKeyPairSync, randomInt, randomUUID } from 'node:crypto'
import type { DetectedError } from '@workers-builds/contracts'
import { excerptOf } from '@workers-builds/error-detection'
import {
  type FakeGitHubOptions,
  fakeGitHub,
  fakeGitLab,
  repositoryInMemory,
} from '@workers-builds/git-providers/testing'
import { parseKeyring } from '@workers-builds/sealing'
import type { DueReport } from '@workers-builds/store'
import type { Tenant } from '@workers-builds/store/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { place } from '../git/gitlab-token.ts'
import { wakeReporters } from '../scheduler/wake-reporters.ts'
import { useBuildManagement } from '../testing/build-management-harness.ts'
import { composeReport } from './compose-report.ts'
import { reportDue } from './report-due.ts'

const h = useBuildManagement()
const { store, sql } = h

afterEach(() => vi.unstubAllGlobals())

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const public_key = publicKey.export({ type: 'spki', format: 'pem' }).toString()
const appEnv = {
  ...env,
  GITHUB_APP_ID: '42',
  GITHUB_APP_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
}

type Permissions = NonNullable<FakeGitHubOptions['installations']>[number]['permissions']

/** A tenant whose repository is at GitHub, where our App is installed with these permissions. */
async function atGitHub(permissions: Permissions = { contents: 'read', checks: 'write' }) {
  const tenant = await h.createTenant()
  const { account_id, repo_connection_uuid, settings } = tenant
  const [owner, name] = [settings.provider_account_name, settings.repo_name]
  // Tokens are kept by these: each test has its own.
  const [id, installation] = [randomInt(1e9), randomInt(1e9)]
  const repository = repositoryInMemory({ id, owner, name })
  await sql`
    update repo_connections set repo_id = ${String(id)}
    where repo_connection_uuid = ${repo_connection_uuid}`
  await sql`
    insert into git_installations ${sql({ account_id, installation_id: String(installation) })}`
  const github = fakeGitHub({
    app: { app_id: '42', public_key },
    tokens: [env.GITHUB_TOKEN],
    installations: [{ id: installation, repository_ids: [id], permissions }],
    findRepository: async (o, n) => (o === owner && n === name ? repository : undefined),
  })
  vi.stubGlobal('fetch', async (request: Request) => await github.fetch(request))
  const report = () => reportDue({ env: appEnv, store, repo_connection_uuid })
  const { build } = await h.createBuild({ tenant, commit_hash: repository.head })
  return { tenant, github, repository, report, ...build }
}

const move = (
  build_id: number,
  status: 'initializing' | 'running' | 'success' | 'fail' | 'cancelled',
) =>
  store.builds.saveState({
    build_id,
    state:
      status === 'initializing' || status === 'running'
        ? { status, build_outcome: null, failure_reason: null }
        : {
            status: 'stopped',
            build_outcome: status,
            failure_reason: status === 'fail' ? 'build_command_failed' : null,
          },
    steps: [],
  })

const ERROR: DetectedError = {
  error_code: 'npm_error',
  error_group: 'Missing script: <SCRIPT>',
  cause: 'script_missing',
  fault: 'user',
  step: 'building',
  line: 7,
  confidence: 1,
  title: 'stored nowhere',
}

const scan = (build_id: number, errors: DetectedError[] = [ERROR]) =>
  store.buildErrorScans.replace([
    {
      build_id,
      detector_version: 1,
      lines_read: 9,
      errors,
      outcome: errors.length > 0 ? 'detected' : 'no_match',
    },
  ])

async function row(build_id: number) {
  const [found] = await sql<
    {
      report_id: string | null
      attempts: number
      due_in: number | null
      given_up_reason: string | null
    }[]
  >`
    select report_id, attempts, given_up_reason,
      extract(epoch from due_on - now())::float8 as due_in
    from build_reports where build_id = ${build_id}`
  return found
}

const isDue = async (tenant: Tenant) =>
  (await store.buildReports.selectDueConnections({ limit: 9 })).includes(
    tenant.repo_connection_uuid,
  )

test('a check run is in progress when the build starts, and the same one completed at its end', async () => {
  const { tenant, github, report, build_id, build_uuid, repository } = await atGitHub()
  expect(await isDue(tenant)).toBe(false)
  await move(build_id, 'initializing')
  await report()
  expect(github.checkRuns).toMatchObject([
    {
      name: `Workers Builds: ${tenant.script_name}`,
      head_sha: repository.head,
      external_id: build_uuid,
      status: 'in_progress',
      details_url: expect.stringContaining(build_uuid),
    },
  ])
  expect(github.checkRuns[0]).not.toHaveProperty('conclusion')
  await move(build_id, 'running')
  expect(await isDue(tenant)).toBe(false)
  await move(build_id, 'success')
  await report()
  expect(github.checkRuns).toMatchObject([{ id: 1, status: 'completed', conclusion: 'success' }])
  expect(await row(build_id)).toMatchObject({ report_id: '1', due_in: null })
})

test('a failure waits for its scan, and is reported with its cause, its line and what to do', async () => {
  const { tenant, github, report, build_id } = await atGitHub()
  await move(build_id, 'fail')
  expect(await isDue(tenant)).toBe(false)
  expect((await row(build_id))?.due_in).toBeCloseTo(180, -1)
  await scan(build_id)
  expect(await isDue(tenant)).toBe(true)
  await report()
  const [run] = github.checkRuns
  expect(run).toMatchObject({ status: 'completed', conclusion: 'failure' })
  expect(run?.output?.title).toMatch(/script/i)
  expect(run?.output?.summary).toContain('**What to do:**')
  expect(run?.output?.summary).toContain('`npm_error`')
})

test('a scan that comes late is added to the report without it; one of the past is not', async () => {
  const { tenant, github, report, build_id } = await atGitHub()
  await move(build_id, 'fail')
  await sql`update build_reports set due_on = now()`
  await report()
  expect(github.checkRuns[0]?.output?.title).toBe('The build command failed')
  await scan(build_id)
  expect(await isDue(tenant)).toBe(true)
  await report()
  expect(github.checkRuns).toHaveLength(1)
  expect(github.checkRuns[0]?.output?.title).toMatch(/script/i)

  const { build: old } = await h.createBuild({ tenant })
  await move(old.build_id, 'fail')
  await sql`
    update build_reports set due_on = null, created_on = now() - interval '2 days'
    where build_id = ${old.build_id}`
  await scan(old.build_id)
  expect(await isDue(tenant)).toBe(false)
})

test('a failure whose log explains nothing is reported as soon as that is known', async () => {
  const { github, report, build_id } = await atGitHub()
  await move(build_id, 'fail')
  await scan(build_id, [])
  await report()
  expect(github.checkRuns[0]?.output?.summary).toContain('No known cause')
})

test('a stop that comes up while the start is being reported is reported as well', async () => {
  const { tenant, github, report, build_id, repository } = await atGitHub()
  await move(build_id, 'initializing')
  vi.stubGlobal('fetch', async (request: Request) => {
    const response = await github.fetch(request)
    if (request.url.endsWith('/check-runs')) await move(build_id, 'cancelled')
    return response
  })
  await report()
  expect(github.checkRuns).toMatchObject([{ head_sha: repository.head, status: 'in_progress' }])
  expect(await isDue(tenant)).toBe(true)
  await report()
  expect(github.checkRuns).toMatchObject([{ id: 1, conclusion: 'cancelled' }])
})

test('a provider that is away is retried, later each time, with the state of the build by then', async () => {
  const { tenant, github, report, build_id } = await atGitHub()
  await move(build_id, 'initializing')
  vi.stubGlobal('fetch', async () => new Response('', { status: 502 }))
  await report()
  expect(await row(build_id)).toMatchObject({ attempts: 1, given_up_reason: null })
  const first = (await row(build_id))?.due_in ?? 0
  expect(await isDue(tenant)).toBe(false)
  await sql`update build_reports set due_on = now()`
  await report()
  expect((await row(build_id))?.due_in).toBeGreaterThan(first * 2)
  await move(build_id, 'success')
  vi.stubGlobal('fetch', github.fetch)
  await report()
  expect(github.checkRuns).toMatchObject([{ status: 'completed', conclusion: 'success' }])
})

test('a provider that stays away is given up in the end', async () => {
  const { report, build_id } = await atGitHub()
  await move(build_id, 'initializing')
  await sql`update build_reports set attempts = 12`
  vi.stubGlobal('fetch', async () => new Response('', { status: 502 }))
  await report()
  expect(await row(build_id)).toMatchObject({
    due_in: null,
    given_up_reason: expect.stringContaining('502'),
  })
})

test('an App that may not write checks is asked once, and never again for that build', async () => {
  const { tenant, github, report, build_id } = await atGitHub({ contents: 'read' })
  await move(build_id, 'initializing')
  await report()
  expect(github.checkRuns).toEqual([])
  expect(await row(build_id)).toMatchObject({
    due_in: null,
    given_up_reason: expect.stringContaining('may not do checks:write'),
  })
  const asked = github.requests.length
  await move(build_id, 'fail')
  await scan(build_id)
  expect(await isDue(tenant)).toBe(false)
  expect(github.requests).toHaveLength(asked)
})

test('nothing is reported without access, nor of skipped builds', async () => {
  const stranger = await h.createBuild()
  await move(stranger.build.build_id, 'initializing')
  expect(await row(stranger.build.build_id)).toBeUndefined()
  const { build_id } = await atGitHub()
  await store.builds.supersede([build_id])
  expect(await row(build_id)).toBeUndefined()
})

test('the start waits for no provider: the reporter is woken, and refused without an App', async () => {
  const { github, build_id } = await atGitHub()
  await move(build_id, 'initializing')
  await wakeReporters({ store, env })
  await vi.waitFor(
    async () =>
      expect(await row(build_id)).toMatchObject({
        due_in: null,
        given_up_reason: expect.stringContaining('403'),
      }),
    { timeout: 20_000, interval: 50 },
  )
  expect(github.checkRuns).toEqual([])
})

test('GitLab gets commit statuses, and one that it has already is no failure', async () => {
  const tenant = await h.createTenant()
  const repository = repositoryInMemory({ id: 77 })
  const gitlab = fakeGitLab({
    repositories: [repository],
    application: { client_id: 'client', client_secret: 'secret' },
  })
  vi.stubGlobal('fetch', gitlab.fetch)
  const { account_id, repo_connection_uuid } = tenant
  const grant_id = randomUUID()
  const keyring = parseKeyring(env.BUILD_KEYRING)
  const { access_token } = gitlab.grant()
  await store.gitGrants.insert({
    grant_id,
    account_id,
    expires_on: null,
    provider_type: 'gitlab',
    kind: 'access_token',
    username: 'oauth2',
    refresh_token_sealed: null,
    access_token_sealed: await keyring.seal(access_token, place({ grant_id }, 'access')),
  })
  await sql`
    update repo_connections set provider_type = 'gitlab', repo_id = '77', grant_id = ${grant_id}
    where repo_connection_uuid = ${repo_connection_uuid}`
  const { build } = await h.createBuild({ tenant, commit_hash: repository.head, branch: 'main' })
  const report = () => reportDue({ env, store, repo_connection_uuid })
  await move(build.build_id, 'initializing')
  await report()
  // As if the answer had been lost.
  await sql`update build_reports set due_on = now()`
  await report()
  expect(await row(build.build_id)).toMatchObject({ due_in: null, given_up_reason: null })
  await move(build.build_id, 'fail')
  await scan(build.build_id)
  await report()
  const name = `Workers Builds: ${tenant.script_name}`
  expect(gitlab.statuses).toMatchObject([
    { state: 'running', name, ref: 'main', sha: repository.head },
    { state: 'failed', name, description: expect.stringMatching(/script/i) },
  ])
})

test('what a build printed stays text in the report', () => {
  const due: DueReport = {
    build_id: 1,
    report_id: null,
    revision: 1,
    attempts: 1,
    build_uuid: randomUUID(),
    account_id: 'a',
    script_name: 'shop',
    branch: 'main',
    commit_hash: 'f'.repeat(40),
    root_directory: '/apps/shop',
    status: 'stopped',
    build_outcome: 'fail',
    failure_reason: 'build_command_failed',
    version_id: null,
    preview_url: null,
    root_cause: ERROR,
  }
  const report = (lines: string[]) => {
    const excerpt = excerptOf({ line: 7, lines, root_directory: due.root_directory })
    return composeReport(due, { excerpt, public_url: 'https://builds.example' })
  }
  const before = Array.from({ length: 7 }, (_, index) => `before ${index + 1}`)
  const { summary } = report([
    ...before,
    '\u001b[31m```` @everyone [x](https://evil.example)\u001b[0m',
    'in src/`a`.ts:3:5',
  ])
  expect(summary).toContain('Line 8 of the log')
  expect(summary).toContain(
    '\n`````text\n  6: before 6\n  7: before 7\n> 8: ```` @everyone [x](https://evil.example)\n  9: in ',
  )
  const placed = report([...before, '\u001b[31msrc/a.ts:3:5: ERROR\u001b[0m'])
  expect(placed.summary).toContain('It names `apps/shop/src/a.ts:3:5`.')
  const at = { file: 'apps/shop/src/a.ts', line: 3, column: 5 }
  expect(placed.annotations).toEqual([
    { ...at, title: placed.title, message: 'src/a.ts:3:5: ERROR' },
  ])
  expect(report([...before, 'ERROR in node_modules/a/b.js:3:5']).annotations).toEqual([])
  const long = report(Array.from({ length: 40 }, () => '`'.repeat(90_000)))
  expect(long.summary.length).toBeLessThan(65_535)
})
