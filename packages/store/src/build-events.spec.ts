import type { BuildState } from '@workers-builds/contracts'
import { describe, expect, test } from 'vitest'
import { useDatabase } from './testing/database.ts'
import type { Tenant } from './testing/harness.ts'

const harness = useDatabase({ max: 10 })
const { store, sql } = harness

const RUNNING: BuildState = { status: 'running', build_outcome: null, failure_reason: null }
const stopped = (
  build_outcome: 'success' | 'fail' | 'cancelled' | 'terminated',
  failure_reason: 'timed_out' | 'install_failed' | null = null,
): BuildState => ({ status: 'stopped', build_outcome, failure_reason })

const saveState = (build_id: number, state: BuildState) =>
  store.builds.saveState({ build_id, state, steps: [] })

/** A build whose Worker has one subscription. */
async function subscribedBuild(options: { events?: ('build.started' | 'build.failed')[] } = {}) {
  const tenant = await harness.createTenant()
  const event_subscription_id = await harness.createEventSubscription({ tenant, ...options })
  const { build } = await harness.createBuild({ tenant })
  return { ...build, tenant, event_subscription_id }
}

/** The events to be delivered to a subscription, in order, and whether each is due. */
async function outbox(event_subscription_id: string) {
  const rows = await sql<{ event: string; is_due: boolean }[]>`
    select e.event, d.due_on <= now() as is_due
    from event_deliveries d join build_events e using (build_event_id)
    where event_subscription_id = ${event_subscription_id} order by build_event_id`
  return rows.map(({ event, is_due }) => (is_due ? event : `${event} later`))
}

const take = (event_subscription_id: string) =>
  store.eventDeliveries.take({ event_subscription_id, limit: 10 })

describe('a build records an event of', () => {
  test.each([
    ['a success', stopped('success'), 'build.succeeded'],
    ['a failure, once its cause is known', stopped('fail', 'install_failed'), 'build.failed later'],
    ['its time being up', stopped('terminated', 'timed_out'), 'build.failed later'],
    ['being cancelled', stopped('cancelled'), 'build.canceled'],
  ])('%s, after its start', async (_, state, event) => {
    const { build_id, event_subscription_id } = await subscribedBuild()
    for (const next of [RUNNING, RUNNING, state, state, stopped('success')]) {
      await saveState(build_id, next)
    }
    expect(await outbox(event_subscription_id)).toEqual(['build.started', event])
  })

  test('a failure before it ran, without a start', async () => {
    const { build_id, event_subscription_id } = await subscribedBuild()
    await saveState(build_id, stopped('fail', 'install_failed'))
    expect(await outbox(event_subscription_id)).toEqual(['build.failed later'])
  })

  test('being cancelled in the queue, which no BuildBuddy sees', async () => {
    const { build_id, event_subscription_id } = await subscribedBuild()
    await store.builds.cancelQueued(build_id)
    expect(await outbox(event_subscription_id)).toEqual(['build.canceled'])
  })

  test('nothing when it is skipped', async () => {
    const { build_id, event_subscription_id } = await subscribedBuild()
    await store.builds.supersede([build_id])
    expect(await outbox(event_subscription_id)).toEqual([])
  })

  test('nothing when the transaction that changed it is undone', async () => {
    const { build_id, event_subscription_id } = await subscribedBuild()
    const undone = store.transaction(async (tx) => {
      await tx.builds.cancelQueued(build_id)
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await outbox(event_subscription_id)).toEqual([])
  })
})

test('the start is delivered as it was, however late', async () => {
  const { build_id, event_subscription_id } = await subscribedBuild()
  await saveState(build_id, RUNNING)
  await saveState(build_id, stopped('success'))
  expect(await take(event_subscription_id)).toMatchObject([
    { event: 'build.started', status: 'running', build_outcome: null, stopped_on: null },
    { event: 'build.succeeded', status: 'stopped', build_outcome: 'success' },
  ])
})

describe('a subscription gets', () => {
  const runBuild = async (tenant: Tenant, subscription: string) => {
    const { build } = await harness.createBuild({ tenant })
    await saveState(build.build_id, RUNNING)
    await saveState(build.build_id, stopped('success'))
    return await outbox(subscription)
  }

  test('only the events that it names', async () => {
    const tenant = await harness.createTenant()
    const events = ['build.succeeded' as const]
    const subscription = await harness.createEventSubscription({ tenant, events })
    expect(await runBuild(tenant, subscription)).toEqual(['build.succeeded'])
  })

  test("the events of all of an account's Workers when it names none", async () => {
    const tenant = await harness.createTenant()
    const subscription = await harness.createEventSubscription({ tenant, script_tag: null })
    expect(await runBuild(tenant, subscription)).toEqual(['build.started', 'build.succeeded'])
  })

  test('no events of other Workers and accounts, and none while it is off', async () => {
    const [tenant, other] = [await harness.createTenant(), await harness.createTenant()]
    const subscription = await harness.createEventSubscription({ tenant, script_tag: null })
    expect(await runBuild(other, subscription)).toEqual([])
    const named = await harness.createEventSubscription({ tenant, script_tag: other.script_tag })
    expect(await runBuild(tenant, named)).toEqual([])
    await sql`update event_subscriptions set enabled = false`
    await runBuild(tenant, subscription)
    expect(await outbox(named)).toEqual([])
  })
})

describe('a failure', () => {
  const scan = (build_id: number, detector_version = 1) =>
    store.buildErrorScans.replace([
      {
        build_id,
        outcome: 'detected',
        detector_version,
        lines_read: 9,
        errors: ['first', 'second'].map((error_group) => ({
          error_code: 'npm_error',
          error_group,
          cause: 'script_missing',
          fault: 'user',
          step: 'building',
          line: 3,
          confidence: 1,
          title: '',
        })),
      } as const,
    ])

  test('waits for the scan, and is delivered with its root cause', async () => {
    const { build_id, event_subscription_id } = await subscribedBuild()
    await saveState(build_id, stopped('fail', 'install_failed'))
    expect(await take(event_subscription_id)).toEqual([])
    await scan(build_id)
    expect(await take(event_subscription_id)).toMatchObject([
      { event: 'build.failed', root_cause: { error_group: 'first', line: 3 } },
    ])
  })

  test('is delivered without one when the log could not be read', async () => {
    const { build_id, event_subscription_id } = await subscribedBuild()
    await saveState(build_id, stopped('fail', 'install_failed'))
    await store.buildErrorScans.recordFailed({ build_id, detector_version: 1 })
    expect(await take(event_subscription_id)).toMatchObject([{ root_cause: null }])
  })

  test('does not wait for the scan for ever', async () => {
    const { build_id } = await subscribedBuild()
    await saveState(build_id, stopped('fail', 'install_failed'))
    const [row] = await sql`
      select due_on - now() between '0' and interval '3 minutes' as soon from event_deliveries`
    expect(row?.['soon']).toBe(true)
  })

  test('is delivered once, however often the log is scanned', async () => {
    const { build_id, event_subscription_id } = await subscribedBuild()
    await saveState(build_id, stopped('fail', 'install_failed'))
    await scan(build_id, 1)
    const [due] = await take(event_subscription_id)
    const event_delivery_uuid = due?.event_delivery_uuid ?? ''
    const delivered = { response_status: 200, error: null, retry_seconds: null }
    await store.eventDeliveries.record({ event_delivery_uuid, ...delivered })
    await scan(build_id, 2)
    expect(await take(event_subscription_id)).toEqual([])
    expect(await outbox(event_subscription_id)).toHaveLength(1)
  })
})

describe('a delivery', () => {
  test('is taken by one of many who ask, and comes back when nothing is recorded of it', async () => {
    const { build_id, event_subscription_id } = await subscribedBuild()
    await saveState(build_id, RUNNING)
    const taken = await Promise.all(Array.from({ length: 8 }, () => take(event_subscription_id)))
    expect(taken.flat()).toHaveLength(1)
    await sql`update event_deliveries set due_on = due_on - interval '2 minutes'`
    expect(await take(event_subscription_id)).toMatchObject([
      { attempts: 2, event_uuid: taken.flat()[0]?.event_uuid },
    ])
  })

  test('goes with its build, its subscription, its Worker and its account', async () => {
    const tables = ['builds', 'event_subscriptions', 'workers', 'accounts']
    for (const table of tables) {
      const { build_id } = await subscribedBuild()
      await saveState(build_id, RUNNING)
      await sql`delete from ${sql(table)}`
      const [row] = await sql`select count(*) as n from event_deliveries`
      expect(row?.['n']).toBe(0)
    }
  })

  test('is forgotten after a month', async () => {
    const { build_id, event_subscription_id } = await subscribedBuild()
    await saveState(build_id, RUNNING)
    await store.eventDeliveries.prune({ limit: 10 })
    expect(await outbox(event_subscription_id)).toHaveLength(1)
    await sql`update build_events set created_on = now() - interval '31 days'`
    await store.eventDeliveries.prune({ limit: 10 })
    expect(await outbox(event_subscription_id)).toEqual([])
  })
})

test('those who wait longest come first', async () => {
  const [one, two] = [await subscribedBuild(), await subscribedBuild()]
  await saveState(two.build_id, RUNNING)
  await saveState(one.build_id, RUNNING)
  await sql`
    update event_deliveries set due_on = due_on - interval '1 minute'
    where event_subscription_id = ${one.event_subscription_id}`
  const due = () => store.eventDeliveries.selectDueSubscriptions({ limit: 10 })
  expect(await due()).toEqual([one.event_subscription_id, two.event_subscription_id])
  await take(one.event_subscription_id)
  expect(await due()).toEqual([two.event_subscription_id])
})
