import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { afterAll, expect, test } from 'vitest'
import { createProject } from './support/git-project.ts'
import { type SentryEvent, startSentryIngest } from './support/sentry-ingest.ts'
import { useStack } from './support/test-stack.ts'

const PLANTED = 'planted-3f9a1c'
const PLANTED_UUID = '3f9a1c00-0000-4000-8000-00000000f1a9'

let sentry: Awaited<ReturnType<typeof startSentryIngest>>
const stack = useStack('sentry', async () => {
  sentry = await startSentryIngest()
  return { vars: { SENTRY_DSN: sentry.dsn } }
})

afterAll(() => sentry?.close())

const eventOf = (source: string, what: string) =>
  waitFor(`an event of ${source}: ${what}`, async () =>
    sentry.events.find(({ tags }) => tags['source'] === source && tags['what'] === what),
  )

/** Whatever `work` does, the table has its name again afterwards. */
async function withoutTable(table: string, work: () => Promise<unknown>): Promise<void> {
  await stack.sql.unsafe(`alter table ${table} rename to ${table}_away`)
  try {
    await work()
  } finally {
    await stack.sql.unsafe(`alter table ${table}_away rename to ${table}`)
  }
}

test('a build runs, fails and is scanned as it does without Sentry', async () => {
  const { push, remove } = await createProject({
    branch: 'main',
    files: { 'package.json': { name: 'p', private: true, scripts: { build: 'no-such-command' } } },
  })
  const { build_uuid } = await stack.api.findBuild(await push(stack.git_remote))
  await remove()
  expect(await stack.api.waitUntil(build_uuid, 'stopped')).toMatchObject({ build_outcome: 'fail' })
  expect((await stack.api.waitForScan(build_uuid)).scan?.outcome).toBe('detected')
  // What a caller did wrong is an answer, and nothing to report.
  const answer = await fetch(`${stack.url}/client/v4/accounts/x/builds/builds/y?t=${PLANTED}`)
  expect(answer.status).toBe(401)
  expect(sentry.events).toEqual([])
})

test('what nobody foresaw is reported by the Worker where it happened, without a secret', async () => {
  await withoutTable('deploy_hooks', async () => {
    const hooks = `${stack.url}/client/v4/workers/builds/deploy_hooks`
    const address = `${hooks}/${PLANTED_UUID}?token=${PLANTED}`
    expect((await fetch(address, { method: 'POST' })).status).toBe(500)
    await eventOf('client', 'a request failed')
  })
  await withoutTable('backfills', async () => {
    const request = (method: string) =>
      fetch(`${stack.url}/internal/build-errors/backfills`, {
        method,
        headers: {
          authorization: `Bearer ${stack.platform_token}`,
          cookie: `session=${PLANTED}`,
          'x-planted': PLANTED,
        },
        ...(method === 'POST' && { body: JSON.stringify({ min_build_id: 0 }) }),
      })
    expect((await request('GET')).status).toBe(500)
    expect((await request('POST')).status).toBe(500)
    const client = await eventOf('client', 'a request failed')
    expectReport(client, { type: 'PostgresError' })
    expect(client.tags['request_id']).toMatch(/^[\w-]{36}$/)
    // Thrown by a method of a Durable Object, across RPC: reported there, once.
    const [agent] = await waitFor('the agent to report', async () => {
      const others = sentry.events.filter((event) => event.tags['source'] === undefined)
      return others.length > 0 && others
    })
    expect(agent?.exception.values.map(({ type }) => type)).toContain('PostgresError')
  })
  await withoutTable('builds', async () => {
    // What else it does every second fails as well, and is reported in any order.
    const scheduler = await eventOf('Scheduler', 'scheduling failed; backing off until it works')
    expectReport(scheduler, { type: 'PostgresError' })
  })
  expect(sentry.problems).toEqual([])

  const secrets: Record<string, unknown> = JSON.parse(
    await readFile(join(stack.dir, 'secrets.json'), 'utf8'),
  )
  const forbidden = Object.values(secrets).filter(
    (value): value is string => typeof value === 'string' && value.length > 8,
  )
  expect(forbidden.length).toBeGreaterThan(9)
  const sent = sentry.received.join('\n')
  for (const secret of [PLANTED, PLANTED_UUID, stack.databaseUrl, ...forbidden]) {
    expect(sent).not.toContain(secret)
  }
  // Nothing of a query, a header, an address or a breadcrumb is in it.
  expect(sent).not.toMatch(
    /breadcrumbs|"request"|"extra"|"user"|select |backfills"? does not exist/,
  )
})

function expectReport(event: SentryEvent, { type }: { type: string }) {
  expect(event).toMatchObject({
    release: 'local',
    environment: 'local',
    tags: { error_code: '42P01' },
  })
  const [exception] = event.exception.values
  expect(exception).toMatchObject({ type, value: '(not sent: it may hold what a user wrote)' })
  expect(exception?.stacktrace?.frames.length).toBeGreaterThan(0)
}
