import { env } from 'cloudflare:workers'
import { type DetectedError, PublishedBuildEvent } from '@workers-builds/contracts'
import { createSecret } from '@workers-builds/event-webhooks'
import { parseKeyring } from '@workers-builds/sealing'
import type { Tenant } from '@workers-builds/store/testing'
import { Webhook } from 'standardwebhooks'
import { describe, expect, inject, test, vi } from 'vitest'
import { wakeDispatchers } from '../scheduler/wake-dispatchers.ts'
import { useBuildManagement } from '../testing/build-management-harness.ts'
import type { Received } from '../testing/webhook-receiver.ts'
import { type DeliverEnv, deliver } from './deliver.ts'

const h = useBuildManagement()
const { store, sql } = h
const receiver = inject('webhookReceiver')

/** A tenant with a webhook for its builds, which behaves in this way. */
async function subscriber(behaviour: string, options: { tenant?: Tenant } = {}) {
  const tenant = options.tenant ?? (await h.createTenant())
  const key = crypto.randomUUID()
  const event_subscription_id = key.replaceAll('-', '')
  const secret = createSecret()
  const secret_sealed = await parseKeyring(env.BUILD_KEYRING).seal(secret, {
    table: 'event_subscriptions',
    row: event_subscription_id,
    column: 'secret_sealed',
  })
  const url = `${receiver}/${key}/${behaviour}`
  await h.createEventSubscription({ tenant, event_subscription_id, url, secret_sealed })
  return { tenant, key, secret, event_subscription_id }
}

type Subscriber = Awaited<ReturnType<typeof subscriber>>

/** A build of the subscriber's Worker that goes through these states. */
async function build({ tenant }: Subscriber, ...outcomes: ('running' | 'success' | 'fail')[]) {
  const { build } = await h.createBuild({ tenant })
  for (const outcome of outcomes) {
    await store.builds.saveState({
      build_id: build.build_id,
      state:
        outcome === 'running'
          ? { status: 'running', build_outcome: null, failure_reason: null }
          : {
              status: 'stopped',
              build_outcome: outcome,
              failure_reason: outcome === 'fail' ? 'build_command_failed' : null,
            },
      steps: [],
    })
  }
  return build
}

const dispatch = () => wakeDispatchers({ store, env })

async function received({ key }: Subscriber): Promise<Received[]> {
  return (await fetch(`${receiver}/${key}`)).json()
}

async function deliveries({ event_subscription_id }: Subscriber) {
  const page = { event_subscription_id, page: 1, per_page: 50 }
  return (await store.eventDeliveries.selectPage(page)).deliveries.toReversed()
}

/** Waits until every delivery has been tried, once more than `tries` times, and recorded. */
async function tried(to: Subscriber, tries = 1) {
  return await vi.waitFor(
    async () => {
      const rows = await deliveries(to)
      for (const row of rows) {
        expect(row.attempts).toBe(tries)
        expect(row.error !== null || row.status === 'delivered').toBe(true)
        // Not the lease of a try that is under way, which is two minutes.
        const wait = (row.due_on?.getTime() ?? 0) - (row.attempted_on?.getTime() ?? 0)
        expect(wait).not.toBe(120_000)
      }
      return rows
    },
    { timeout: 30_000, interval: 50 },
  )
}

/** Makes everything due that is to be tried again. */
async function passTime() {
  await sql`update event_deliveries set due_on = now() where status = 'pending'`
}

const eventOf = (message: Received | undefined) =>
  PublishedBuildEvent.parse(JSON.parse(message?.body ?? ''))

describe('a webhook', () => {
  test('receives what happened, in order, signed so that any library verifies it', async () => {
    const to = await subscriber('ok')
    const { build_uuid } = await build(to, 'running', 'success')
    await dispatch()
    expect(await tried(to)).toMatchObject([
      { event: 'build.started', status: 'delivered', response_status: 204, error: null },
      { event: 'build.succeeded', status: 'delivered' },
    ])
    const messages = await received(to)
    const events = messages.map(eventOf)
    expect(events.map((event) => event.type).toSorted()).toEqual([
      'cf.workersBuilds.worker.build.started',
      'cf.workersBuilds.worker.build.succeeded',
    ])
    for (const { headers, body } of messages) {
      new Webhook(to.secret).verify(body, headers)
      expect(headers['content-type']).toBe('application/json')
    }
    const [row] = await sql<{ branch: string; commit_hash: string; script_name: string }[]>`
      select * from builds join workers using (script_tag) where build_uuid = ${build_uuid}`
    expect(events.find((event) => event.type.endsWith('succeeded'))).toEqual({
      type: 'cf.workersBuilds.worker.build.succeeded',
      source: { type: 'workersBuilds.worker', workerName: row?.script_name },
      payload: {
        buildUuid: build_uuid,
        status: 'stopped',
        buildOutcome: 'success',
        createdAt: expect.any(String),
        initializingAt: expect.any(String),
        runningAt: expect.any(String),
        stoppedAt: expect.any(String),
        buildTriggerMetadata: {
          buildTriggerSource: 'push_event',
          branch: row?.branch,
          commitHash: row?.commit_hash,
          commitMessage: expect.any(String),
          author: expect.any(String),
          buildCommand: 'npm run build',
          deployCommand: 'npx wrangler deploy',
          rootDirectory: '/',
          repoName: to.tenant.settings.repo_name,
          providerAccountName: to.tenant.settings.provider_account_name,
          providerType: 'github',
        },
      },
      metadata: {
        accountId: to.tenant.account_id,
        eventSubscriptionId: to.event_subscription_id,
        eventSchemaVersion: 1,
        eventTimestamp: expect.any(String),
        eventId: expect.any(String),
      },
    })
  })

  test('receives a failure with its cause and what to do', async () => {
    const to = await subscriber('ok')
    const { build_id } = await build(to, 'fail')
    const error: DetectedError = {
      error_code: 'npm_error',
      error_group: 'Missing script: <SCRIPT>',
      cause: 'script_missing',
      fault: 'user',
      step: 'building',
      line: 7,
      confidence: 1,
      title: 'stored nowhere',
    }
    await store.buildErrorScans.replace([
      { build_id, outcome: 'detected', detector_version: 1, lines_read: 9, errors: [error] },
    ])
    await dispatch()
    await tried(to)
    expect(eventOf((await received(to))[0]).payload).toMatchObject({
      buildOutcome: 'fail',
      rootCause: {
        errorCode: 'npm_error',
        errorGroup: error.error_group,
        cause: 'script_missing',
        line: 7,
        title: expect.stringContaining('script'),
        fix: expect.any(String),
      },
    })
  })

  test('never sees a variable or a token of the build', async () => {
    const tenant = await h.createTenant()
    tenant.settings.environment_variables = {
      PLANTED: { is_secret: false, created_on: new Date().toISOString(), value: 'planted-value' },
    }
    const to = await subscriber('ok', { tenant })
    await build(to, 'running', 'fail')
    await passTime()
    await dispatch()
    await tried(to)
    const sent = JSON.stringify(await received(to))
    expect(sent).not.toContain('planted')
    expect(sent).not.toContain('PLANTED')
    expect(sent).not.toContain(tenant.settings.build_token_uuid)
    expect(sent).not.toContain(to.secret)
  })

  test('that fails is tried again under the same id, until it takes the event', async () => {
    const to = await subscriber('flaky')
    await build(to, 'running')
    for (let tries = 1; tries <= 3; tries++) {
      await dispatch()
      await tried(to, tries)
      await passTime()
    }
    const messages = await received(to)
    expect(new Set(messages.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(new Set(messages.map((message) => eventOf(message).metadata.eventId)).size).toBe(1)
    expect(await deliveries(to)).toMatchObject([{ status: 'delivered', attempts: 3 }])
    expect(messages).toHaveLength(3)
    await dispatch()
    expect(await deliveries(to)).toMatchObject([{ attempts: 3 }])
  })

  test.each([
    ['500', 500, 'Answered 500'],
    ['404', 404, 'Answered 404'],
    ['redirect', 307, 'Answered 307; redirects are not followed'],
    ['drop', null, 'No connection'],
  ])('%s is no delivery, and the record says why', async (behaviour, response_status, error) => {
    const to = await subscriber(behaviour)
    await build(to, 'running')
    await dispatch()
    expect(await tried(to)).toMatchObject([{ status: 'pending', response_status, error }])
    expect(await received(to)).toHaveLength(1)
    const [row] = await sql`
      select failing_since is not null as failing, enabled from event_subscriptions
      where event_subscription_id = ${to.event_subscription_id}`
    expect(row).toMatchObject({ failing: true, enabled: true })
  })

  test('that asks for time is given it', async () => {
    const to = await subscriber('busy')
    await build(to, 'running')
    await dispatch()
    const [row] = await tried(to)
    const wait = (row?.due_on?.getTime() ?? 0) - (row?.attempted_on?.getTime() ?? 0)
    expect(wait).toBeGreaterThanOrEqual(600_000)
  })

  test('whose answer never ends has taken the event all the same', async () => {
    const to = await subscriber('endless')
    await build(to, 'running')
    await dispatch()
    expect(await tried(to)).toMatchObject([{ status: 'delivered' }])
  })

  test('that hangs holds back no other, and is given up for now', async () => {
    const dead = await subscriber('hang')
    const well = await subscriber('ok', { tenant: dead.tenant })
    await Promise.all(Array.from({ length: 4 }, () => build(dead, 'running')))
    await dispatch()
    const rows = await tried(well)
    expect(rows.every((row) => row.status === 'delivered')).toBe(true)
    expect((await deliveries(dead)).every((row) => row.error === null)).toBe(true)
    expect((await tried(dead)).map((row) => row.error)).toEqual(
      Array(4).fill('No answer within 10 s'),
    )
  })
})

describe('a subscription is switched off, and says why', () => {
  const health = async ({ event_subscription_id }: Subscriber) => {
    const [row] = await sql<{ enabled: boolean; disabled_reason: string | null }[]>`
      select enabled, disabled_reason from event_subscriptions
      where event_subscription_id = ${event_subscription_id}`
    return row
  }

  test('when its endpoint says that it is gone', async () => {
    const to = await subscriber('410')
    await build(to, 'running')
    await dispatch()
    await vi.waitFor(
      async () =>
        expect(await health(to)).toEqual({
          enabled: false,
          disabled_reason: expect.stringContaining('410'),
        }),
      30_000,
    )
  })

  test('when nothing has reached its endpoint for three days, and not before', async () => {
    const to = await subscriber('500')
    await build(to, 'running')
    await dispatch()
    await tried(to)
    await sql`update event_subscriptions set failing_since = now() - interval '71 hours'`
    await passTime()
    await dispatch()
    await tried(to, 2)
    expect(await health(to)).toMatchObject({ enabled: true })
    await sql`update event_subscriptions set failing_since = now() - interval '72 hours'`
    await passTime()
    await dispatch()
    await vi.waitFor(
      async () =>
        expect(await health(to)).toEqual({
          enabled: false,
          disabled_reason: expect.stringContaining('Answered 500'),
        }),
      30_000,
    )
    const before = (await received(to)).length
    await build(to, 'running', 'success')
    await passTime()
    await dispatch()
    expect(await received(to)).toHaveLength(before)
  })

  test('but not while some events arrive', async () => {
    const to = await subscriber('ok')
    await sql`update event_subscriptions set failing_since = now() - interval '9 days'`
    await build(to, 'running')
    await dispatch()
    await tried(to)
    // What became of the subscription is stored after what became of its messages.
    await vi.waitFor(async () => {
      const [row] = await sql`select failing_since, enabled from event_subscriptions`
      expect(row).toMatchObject({ failing_since: null, enabled: true })
    }, 30_000)
  })
})

test('many events are all delivered, though a pass takes few', async () => {
  const to = await subscriber('ok')
  for (let i = 0; i < 30; i++) await build(to, 'running', 'success')
  await dispatch()
  await tried(to)
  const ids = (await received(to)).map((message) => eventOf(message).metadata.eventId)
  expect(new Set(ids).size).toBe(60)
})

test('a test event says that it is one, and has the shape of a real one', async () => {
  const to = await subscriber('ok')
  const { account_id } = to.tenant
  const { event_subscription_id } = to
  const event = 'build.failed'
  await store.eventDeliveries.insertTest({ account_id, event_subscription_id, event })
  await dispatch()
  await tried(to)
  expect(eventOf((await received(to))[0])).toMatchObject({
    type: 'cf.workersBuilds.worker.build.failed',
    source: { workerName: to.tenant.script_name },
    metadata: { test: true, accountId: account_id },
  })
})

describe('where events may not go', () => {
  const event = { type: 'cf.workersBuilds.worker.build.started' } as PublishedBuildEvent
  const send = async (change: Partial<DeliverEnv>, url: string | null = null) => {
    const to = await subscriber('ok')
    const found = await store.eventSubscriptions.selectToDeliver(to.event_subscription_id)
    if (found === undefined) throw new Error('the subscription is not there')
    const queue = { ...found, destination_type: 'queues.queue', queue_id: 'build-events' } as const
    const subscription = url === null ? queue : { ...found, url }
    return await deliver({ ...env, ...change }, { id: 'x', event, subscription })
  }

  test('a private address, when only public ones are allowed', async () => {
    const policy = { WEBHOOK_ADDRESSES: 'public' }
    for (const url of [`${receiver}/x/ok`, receiver.replace('http:', 'https:')]) {
      const { error } = await send(policy, url)
      expect(error).toContain('The address is refused')
    }
  })

  test('a queue that is not there any more', async () => {
    const { BUILD_EVENTS_QUEUE: _, ...without } = env
    const gone = { error: 'There is no queue build-events any more' }
    expect(await send({ BUILD_EVENTS_QUEUE_ID: 'another' })).toMatchObject(gone)
    const subscription = await store.eventSubscriptions
      .selectToDeliver((await subscriber('ok')).event_subscription_id)
      .then((found) => ({ ...found, destination_type: 'queues.queue', queue_id: 'build-events' }))
    expect(
      await deliver(without as DeliverEnv, {
        id: 'x',
        event,
        subscription: subscription as Parameters<typeof deliver>[1]['subscription'],
      }),
    ).toMatchObject(gone)
  })
})

test('a queue receives events too', async () => {
  const tenant = await h.createTenant()
  const event_subscription_id = await h.createEventSubscription({ tenant })
  const to = { tenant, event_subscription_id, key: '', secret: '' }
  await build(to, 'running')
  await dispatch()
  expect(await tried(to)).toMatchObject([{ status: 'delivered', response_status: null }])
})
