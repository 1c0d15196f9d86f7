import { EventDelivery, EventSubscription } from '@workers-builds/contracts'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()
const URL_OF_WEBHOOK = 'https://hooks.example/builds'

async function account() {
  const tenant = await client.createTenant()
  const token = await client.createToken({ accounts: [tenant.account_id] })
  const path = `/client/v4/accounts/${tenant.account_id}/event_subscriptions/subscriptions`
  const send = (suffix: string, method: string, body?: unknown) =>
    client.call(`${path}${suffix}`, {
      method,
      token,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const input = {
    name: 'On call',
    source: { type: 'workersBuilds.worker', worker_name: tenant.script_name },
    destination: { type: 'webhook', url: URL_OF_WEBHOOK },
    events: ['build.failed', 'build.started'],
  }
  return { ...tenant, token, path, send, input }
}

test('a subscription is created, read, changed and deleted; its secret is returned once', async () => {
  const { send, input } = await account()
  const { status, result } = await send('', 'POST', input)
  expect(status).toBe(200)
  const { secret, ...made } = result
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  const [row] = await client.sql`
    select secret_sealed from event_subscriptions where event_subscription_id = ${made.id}`
  expect(row?.['secret_sealed']).toContain(`event_subscriptions/${made.id}/secret_sealed`)
  expect(EventSubscription.parse(made)).toEqual({
    ...input,
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    // In the order in which they happen.
    events: ['build.started', 'build.failed'],
    enabled: true,
    disabled_reason: null,
    failing_since: null,
    created_at: expect.any(String),
    modified_at: expect.any(String),
  })
  const { id } = made
  expect((await send(`/${id}`, 'GET')).result).toEqual(made)
  expect((await send('', 'GET')).result).toEqual([made])
  const changed = await send(`/${id}`, 'PATCH', { name: 'Nobody', enabled: false })
  expect(changed.result).toEqual({
    ...made,
    name: 'Nobody',
    enabled: false,
    modified_at: expect.any(String),
  })
  expect((await send(`/${id}`, 'DELETE')).result.id).toBe(id)
  expect((await send(`/${id}`, 'GET')).status).toBe(404)
})

test('a queue can be subscribed, and replaced by a webhook, which then has a secret', async () => {
  const { send, input } = await account()
  const destination = { type: 'queues.queue', queue_id: 'build-events' }
  const { result } = await send('', 'POST', { ...input, destination })
  expect(result).toMatchObject({ destination })
  expect(result.secret).toBeUndefined()
  const webhook = { destination: { type: 'webhook', url: URL_OF_WEBHOOK } }
  const changed = await send(`/${result.id}`, 'PATCH', webhook)
  expect(changed.result).toMatchObject({ ...webhook, secret: expect.any(String) })
  const again = await send(`/${result.id}`, 'PATCH', webhook)
  expect(again.result.secret).toBeUndefined()
})

test('without a Worker, all of the account are meant', async () => {
  const { send, input } = await account()
  const source = { type: 'workersBuilds.worker' }
  expect((await send('', 'POST', { ...input, source })).result.source).toEqual(source)
})

test('switched on again, it has a clean record', async () => {
  const { send, input } = await account()
  const { id } = (await send('', 'POST', input)).result
  await client.sql`
    update event_subscriptions
    set enabled = false, disabled_reason = 'It is gone', failing_since = now()
    where event_subscription_id = ${id}`
  expect((await send(`/${id}`, 'GET')).result).toMatchObject({
    enabled: false,
    disabled_reason: 'It is gone',
    failing_since: expect.any(String),
  })
  expect((await send(`/${id}`, 'PATCH', { enabled: true })).result).toMatchObject({
    enabled: true,
    disabled_reason: null,
    failing_since: null,
  })
})

test('a test is a delivery, and a delivery can be made again', async () => {
  const { send, input } = await account()
  const { id } = (await send('', 'POST', input)).result
  const asked = await send(`/${id}/test`, 'POST', { event: 'build.succeeded' })
  expect(asked.status).toBe(202)
  expect(EventDelivery.parse(asked.result)).toMatchObject({
    event: 'build.succeeded',
    build_uuid: null,
    status: 'pending',
    attempts: 0,
  })
  expect((await send(`/${id}/test`, 'POST')).result.event).toBe('build.started')
  const deliveries = async () => {
    const answer = await send(`/${id}/deliveries`, 'GET')
    return z.array(EventDelivery).parse(answer.result)
  }
  expect(await deliveries()).toMatchObject([{ event: 'build.started' }, { id: asked.result.id }])
  await client.store.eventDeliveries.record({
    event_delivery_uuid: asked.result.id,
    response_status: 500,
    error: 'Answered 500',
    retry_seconds: null,
  })
  expect((await deliveries())[1]).toMatchObject({
    status: 'failed',
    response_status: 500,
    error: 'Answered 500',
    next_attempt_at: null,
  })
  const again = await send(`/${id}/deliveries/${asked.result.id}/redeliver`, 'POST')
  expect(again).toMatchObject({
    status: 202,
    result: { id: asked.result.id, status: 'pending', event_id: asked.result.event_id },
  })
})

describe('refused', () => {
  test.each([
    ['no name', { name: '' }],
    ['no event', { events: [] }],
    ['an event that is none', { events: ['build.exploded'] }],
    ['a source that is none', { source: { type: 'r2' } }],
    ['a destination that is none', { destination: { type: 'email', to: 'x' } }],
    ['no URL', { destination: { type: 'webhook', url: 'x' } }],
    ['plain HTTP', { destination: { type: 'webhook', url: 'http://hooks.example/' } }],
    ['a private address', { destination: { type: 'webhook', url: 'https://10.0.0.1/' } }],
    ['a loopback address', { destination: { type: 'webhook', url: 'https://localhost:1/' } }],
    [
      'metadata of a cloud',
      { destination: { type: 'webhook', url: 'https://169.254.169.254/latest' } },
    ],
    ['a NUL', { name: 'a\0b' }],
  ])('%s', async (_, wrong) => {
    const { send, input, path, token } = await account()
    const answer = await send('', 'POST', { ...input, ...wrong })
    expect(answer).toMatchObject({ status: 400, errors: [{ code: 12002 }] })
    expect((await client.call(path, { token })).result).toEqual([])
    const created = (await send('', 'POST', input)).result
    if ('destination' in wrong) {
      expect((await send(`/${created.id}`, 'PATCH', wrong)).status).toBe(400)
    }
  })

  test('a password in a URL, which is not quoted', async () => {
    const { send, input } = await account()
    const destination = { type: 'webhook', url: 'https://me:hunter2@hooks.example/' }
    const answer = await send('', 'POST', { ...input, destination })
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer)).not.toContain('hunter2')
  })

  test("a Worker and a queue that are not there, and another account's Worker", async () => {
    const { send, input } = await account()
    const other = await account()
    for (const worker_name of ['nobody', other.script_name]) {
      const source = { type: 'workersBuilds.worker', worker_name }
      expect((await send('', 'POST', { ...input, source })).status).toBe(404)
    }
    const destination = { type: 'queues.queue', queue_id: 'build-errors' }
    expect((await send('', 'POST', { ...input, destination })).status).toBe(404)
  })

  test("another account's subscription and deliveries, by any way", async () => {
    const [mine, other] = [await account(), await account()]
    const { id } = (await other.send('', 'POST', other.input)).result
    const delivery = (await other.send(`/${id}/test`, 'POST')).result.id
    const own = (await mine.send('', 'POST', mine.input)).result.id
    for (const [suffix, method] of [
      [`/${id}`, 'GET'],
      [`/${id}`, 'PATCH'],
      [`/${id}`, 'DELETE'],
      [`/${id}/test`, 'POST'],
      [`/${id}/deliveries`, 'GET'],
      [`/${id}/deliveries/${delivery}/redeliver`, 'POST'],
      [`/${own}/deliveries/${delivery}/redeliver`, 'POST'],
    ] as const) {
      const answer = await mine.send(suffix, method, method === 'PATCH' ? { name: 'x' } : undefined)
      expect(answer).toMatchObject({ status: 404, errors: [{ code: 12000 }] })
    }
    expect((await client.call(other.path, { token: mine.token })).status).toBe(403)
    expect((await other.send(`/${id}`, 'GET')).status).toBe(200)
  })

  test('a token that may only read, a hundred and first, and a test of one that is off', async () => {
    const { send, input, account_id, path } = await account()
    const token = await client.createToken({ accounts: [account_id], permission: 'read' })
    const body = JSON.stringify(input)
    expect((await client.call(path, { token })).status).toBe(200)
    expect((await client.call(path, { method: 'POST', token, body })).status).toBe(403)
    const { id } = (await send('', 'POST', { ...input, enabled: false })).result
    expect((await send(`/${id}/test`, 'POST')).status).toBe(409)
    await client.sql`
      insert into event_subscriptions (event_subscription_id, account_id, subscription_name, events,
        destination_type, queue_id)
      select md5(${id} || n), ${account_id}, 'n', '["build.failed"]', 'queues.queue', 'q'
      from generate_series(1, 99) as n`
    expect(await send('', 'POST', input)).toMatchObject({ status: 409, errors: [{ code: 12049 }] })
  })
})

test('of subscriptions that are created at once, no more than 100 are kept', async () => {
  const { send, input, account_id } = await account()
  await client.sql`
    insert into event_subscriptions ${client.sql(
      Array.from({ length: 97 }, () => ({
        account_id,
        event_subscription_id: crypto.randomUUID().replaceAll('-', ''),
        subscription_name: 'One of many',
        events: client.sql.json(['build.failed']),
        enabled: false,
        destination_type: 'webhook',
        url: URL_OF_WEBHOOK,
        secret_sealed: 'sealed',
      })),
    )}`
  const answers = await Promise.all(Array.from({ length: 10 }, () => send('', 'POST', input)))
  const made = answers.filter(({ status }) => status === 200)
  expect(made).toHaveLength(3)
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(7)
})
