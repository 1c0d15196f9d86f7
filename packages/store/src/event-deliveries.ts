import { BuildEventName, BuildOutcome, BuildSettings, BuildStatus } from '@workers-builds/contracts'
import { z } from 'zod'
import { StoredError } from './build-errors.ts'
import type { Sql } from './sql.ts'

const JsonDate = z.coerce.date()

/** What a delivery says of its build; null in a test event. */
const DeliveredBuild = z.object({
  build_uuid: z.uuid(),
  script_name: z.string(),
  build_trigger_source: z.string(),
  branch: z.string(),
  commit_hash: z.string(),
  commit_message: z.string(),
  author: z.string(),
  settings: BuildSettings,
})

/** An event that is to be delivered now, as it was when it happened. */
export const DueDelivery = z.object({
  event_delivery_uuid: z.uuid(),
  /** This try included. */
  attempts: z.int(),
  account_id: z.string(),
  event_uuid: z.uuid(),
  event: BuildEventName,
  status: BuildStatus,
  build_outcome: BuildOutcome.nullable(),
  build_created_on: JsonDate,
  initializing_on: JsonDate.nullable(),
  running_on: JsonDate.nullable(),
  stopped_on: JsonDate.nullable(),
  happened_on: JsonDate,
  build: DeliveredBuild.nullable(),
  /** The first of the errors that were found in the build's log. */
  root_cause: StoredError.nullable(),
})
export type DueDelivery = z.infer<typeof DueDelivery>

export const DeliveryRow = z.object({
  event_delivery_uuid: z.uuid(),
  event_uuid: z.uuid(),
  event: BuildEventName,
  build_uuid: z.uuid().nullable(),
  status: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.int(),
  due_on: z.date().nullable(),
  attempted_on: z.date().nullable(),
  delivered_on: z.date().nullable(),
  response_status: z.int().nullable(),
  error: z.string().nullable(),
  created_on: z.date(),
})
export type DeliveryRow = z.infer<typeof DeliveryRow>

/** The result of a try. */
export type EventTry = {
  event_delivery_uuid: string
  response_status: number | null
  /** Null: it was delivered. */
  error: string | null
  /** After how long to try again; null: it is delivered or given up. */
  retry_seconds: number | null
}

/** A try that has not been recorded by then has died. */
const LEASE_SECONDS = 120

/** How long deliveries can be looked at. */
const KEPT_DAYS = 30

export type EventDeliveryStore = ReturnType<typeof eventDeliveryStore>

/**
 * Events to be delivered, and those that were. The database writes the rows itself, in the transaction
 * that changes the build or stores its first scan: see `sql/record_build_event.sql` and
 * `sql/release_failed_events.sql`.
 */
export function eventDeliveryStore(sql: Sql) {
  const ofSubscription = (delivery: { event_subscription_id: string }) => sql`
    from event_deliveries d join build_events e using (build_event_id)
      left join builds b using (build_id)
    where d.event_subscription_id = ${delivery.event_subscription_id}`
  const columns = sql`
    d.event_delivery_uuid, e.event_uuid, e.event, b.build_uuid, d.status, d.attempts, d.due_on,
    d.attempted_on, d.delivered_on, d.response_status, d.error, d.created_on`

  return {
    /** The subscriptions that have something to deliver now, those that wait longest first. */
    async selectDueSubscriptions({ limit }: { limit: number }): Promise<string[]> {
      const rows = await sql<{ event_subscription_id: string }[]>`
        select d.event_subscription_id
        from event_deliveries d join event_subscriptions s using (event_subscription_id)
        where d.status = 'pending' and d.due_on <= now() and s.enabled
        group by d.event_subscription_id
        order by min(d.due_on)
        limit ${limit}`
      return rows.map((row) => row.event_subscription_id)
    },

    /**
     * Takes deliveries of a subscription that are due, in the order of their events. A delivery
     * without a recorded result becomes due again after a while, so each is made at least once.
     */
    async take({
      event_subscription_id,
      limit,
    }: {
      event_subscription_id: string
      limit: number
    }): Promise<DueDelivery[]> {
      const rows = await sql`
        with taken as (
          update event_deliveries
          set attempts = attempts + 1, attempted_on = now(),
            due_on = now() + make_interval(secs => ${LEASE_SECONDS})
          where event_delivery_uuid in (
            select d.event_delivery_uuid
            from event_deliveries d join event_subscriptions s using (event_subscription_id)
            where d.event_subscription_id = ${event_subscription_id} and d.status = 'pending'
              and d.due_on <= now() and s.enabled
            order by d.build_event_id
            limit ${limit}
            for update of d skip locked)
          returning event_delivery_uuid, build_event_id, attempts)
        select t.event_delivery_uuid, t.attempts, e.account_id, e.event_uuid, e.event, e.status,
          e.build_outcome, e.build_created_on, e.initializing_on, e.running_on, e.stopped_on,
          e.created_on as happened_on,
          case when b.build_id is not null then jsonb_build_object(
            'build_uuid', b.build_uuid, 'script_name', w.script_name,
            'build_trigger_source', b.build_trigger_source, 'branch', b.branch,
            'commit_hash', b.commit_hash, 'commit_message', b.commit_message,
            'author', b.author, 'settings', b.settings) end as build,
          case when e.event = 'build.failed' then (
            select jsonb_build_object('error_code', r.error_code, 'error_group', r.error_group,
              'cause', r.cause, 'fault', r.fault, 'step', r.step, 'line', r.line,
              'confidence', r.confidence)
            from build_errors r where r.build_id = e.build_id order by r.rank limit 1)
          end as root_cause
        from taken t join build_events e using (build_event_id)
          left join builds b using (build_id)
          left join workers w using (script_tag)
        order by t.build_event_id`
      return z.array(DueDelivery).parse(rows)
    },

    /** Records the result of a try. */
    async record(result: EventTry): Promise<void> {
      const { error, retry_seconds } = result
      const status = error === null ? 'delivered' : retry_seconds === null ? 'failed' : 'pending'
      await sql`
        update event_deliveries
        set status = ${status}, response_status = ${result.response_status},
          error = ${error?.slice(0, 500) ?? null},
          delivered_on = case when ${status === 'delivered'} then now() end,
          due_on = case when ${status === 'pending'}
            then now() + make_interval(secs => ${retry_seconds ?? 0}) end
        where event_delivery_uuid = ${result.event_delivery_uuid}`
    },

    /** One page of a subscription's deliveries, newest first, and how many there are in all. */
    async selectPage(page: { event_subscription_id: string; page: number; per_page: number }) {
      const [rows, [total]] = await Promise.all([
        sql`
          select ${columns} ${ofSubscription(page)}
          order by d.build_event_id desc
          limit ${page.per_page} offset ${(page.page - 1) * page.per_page}`,
        sql<{ total_count: number }[]>`
          select count(*) as total_count from event_deliveries
          where event_subscription_id = ${page.event_subscription_id}`,
      ])
      return { deliveries: z.array(DeliveryRow).parse(rows), total_count: total?.total_count ?? 0 }
    },

    /** Makes a delivery due again, whatever its result; undefined when there is none. */
    async redeliver(delivery: {
      event_subscription_id: string
      event_delivery_uuid: string
    }): Promise<DeliveryRow | undefined> {
      await sql`
        update event_deliveries
        set status = 'pending', due_on = now(), attempts = 0, delivered_on = null
        where event_subscription_id = ${delivery.event_subscription_id}
          and event_delivery_uuid = ${delivery.event_delivery_uuid}`
      const [row] = await sql`
        select ${columns} ${ofSubscription(delivery)}
          and d.event_delivery_uuid = ${delivery.event_delivery_uuid}`
      return row && DeliveryRow.parse(row)
    },

    /** Queues a test event for a subscription. */
    async insertTest({
      account_id,
      event_subscription_id,
      event,
    }: {
      account_id: string
      event_subscription_id: string
      event: BuildEventName
    }): Promise<DeliveryRow> {
      const [status, outcome] = TEST_STATES[event]
      const [delivery] = await sql<{ event_delivery_uuid: string }[]>`
        with happened as (
          insert into build_events (account_id, event, status, build_outcome, build_created_on,
            initializing_on, running_on, stopped_on)
          values (${account_id}, ${event}, ${status}, ${outcome}, now(), now(), now(),
            ${status === 'stopped' ? sql`now()` : null})
          returning build_event_id)
        insert into event_deliveries (build_event_id, event_subscription_id, due_on)
        select build_event_id, ${event_subscription_id}, now() from happened
        returning event_delivery_uuid`
      const [row] = await sql`
        select ${columns} ${ofSubscription({ event_subscription_id })}
          and d.event_delivery_uuid = ${delivery?.event_delivery_uuid ?? null}`
      return DeliveryRow.parse(row)
    },

    /** Deletes events that are older than deliveries are kept. */
    async prune({ limit }: { limit: number }): Promise<void> {
      await sql`
        delete from build_events where build_event_id in (
          select build_event_id from build_events
          where created_on < now() - make_interval(days => ${KEPT_DAYS})
          order by created_on limit ${limit})`
    },
  }
}

const TEST_STATES = {
  'build.started': ['running', null],
  'build.succeeded': ['stopped', 'success'],
  'build.failed': ['stopped', 'fail'],
  'build.canceled': ['stopped', 'cancelled'],
} as const satisfies Record<BuildEventName, [BuildStatus, BuildOutcome | null]>
