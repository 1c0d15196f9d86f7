import { BuildEventName } from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from './sql.ts'

export const EventSubscriptionRow = z.object({
  event_subscription_id: z.string(),
  account_id: z.string(),
  script_tag: z.string().nullable(),
  /** Null: every Worker of the account. */
  script_name: z.string().nullable(),
  subscription_name: z.string(),
  events: z.array(BuildEventName),
  enabled: z.boolean(),
  disabled_reason: z.string().nullable(),
  destination_type: z.enum(['queues.queue', 'webhook']),
  queue_id: z.string().nullable(),
  url: z.string().nullable(),
  secret_sealed: z.string().nullable(),
  failing_since: z.date().nullable(),
  created_on: z.date(),
  modified_on: z.date(),
})
export type EventSubscriptionRow = z.infer<typeof EventSubscriptionRow>

/** What a subscription's owner decides. */
export type EventSubscriptionSettings = Pick<
  EventSubscriptionRow,
  | 'subscription_name'
  | 'events'
  | 'enabled'
  | 'destination_type'
  | 'queue_id'
  | 'url'
  | 'secret_sealed'
>

type Named = { account_id: string; event_subscription_id: string }

export type EventSubscriptionStore = ReturnType<typeof eventSubscriptionStore>

/** Who is notified of which build events, and where they are sent. */
export function eventSubscriptionStore(sql: Sql) {
  const selectSubscriptions = sql`
    select s.*, w.script_name
    from event_subscriptions s left join workers w using (script_tag)`

  const select = async ({ account_id, event_subscription_id }: Named) => {
    const [row] = await sql`
      ${selectSubscriptions}
      where s.event_subscription_id = ${event_subscription_id} and s.account_id = ${account_id}`
    return row && EventSubscriptionRow.parse(row)
  }

  return {
    select,

    /** Where its events go; undefined when it is gone or switched off. */
    async selectToDeliver(
      event_subscription_id: string,
    ): Promise<EventSubscriptionRow | undefined> {
      const [row] = await sql`
        ${selectSubscriptions}
        where s.event_subscription_id = ${event_subscription_id} and s.enabled`
      return row && EventSubscriptionRow.parse(row)
    },

    /** One page of an account's subscriptions, oldest first, and how many there are in all. */
    async selectPage(page: { account_id: string; page: number; per_page: number }) {
      const [rows, [total]] = await Promise.all([
        sql`
          ${selectSubscriptions}
          where s.account_id = ${page.account_id}
          order by s.created_on, s.event_subscription_id
          limit ${page.per_page} offset ${(page.page - 1) * page.per_page}`,
        sql<{ total_count: number }[]>`
          select count(*) as total_count from event_subscriptions
          where account_id = ${page.account_id}`,
      ])
      return {
        subscriptions: z.array(EventSubscriptionRow).parse(rows),
        total_count: total?.total_count ?? 0,
      }
    },

    /** Makes others that count or add subscriptions of the account wait for this transaction. */
    async lockAccount(account_id: string): Promise<void> {
      await sql`select from accounts where account_id = ${account_id} for no key update`
    },

    async insert(
      subscription: Named & { script_tag: string | null } & EventSubscriptionSettings,
    ): Promise<void> {
      await sql`
        insert into event_subscriptions ${sql({
          ...subscription,
          events: sql.json(subscription.events),
        })}`
    },

    /** Changes what its owner decides; one that is switched on again has a clean record. */
    async update({
      account_id,
      event_subscription_id,
      ...settings
    }: Named & EventSubscriptionSettings): Promise<void> {
      await sql`
        update event_subscriptions
        set ${sql({ ...settings, events: sql.json(settings.events) })}, modified_on = now(),
          disabled_reason = case when ${settings.enabled} then null else disabled_reason end,
          failing_since = case when ${settings.enabled} and not enabled
            then null else failing_since end
        where event_subscription_id = ${event_subscription_id} and account_id = ${account_id}`
    },

    /** Deletes it with its deliveries, those that are still to be made included. */
    async delete({ account_id, event_subscription_id }: Named): Promise<void> {
      await sql`
        delete from event_subscriptions
        where event_subscription_id = ${event_subscription_id} and account_id = ${account_id}`
    },

    /** Records that a delivery succeeded, or failed, and since when deliveries fail. */
    async recordHealth({
      event_subscription_id,
      healthy,
    }: {
      event_subscription_id: string
      healthy: boolean
    }): Promise<void> {
      await sql`
        update event_subscriptions
        set failing_since = case when not ${healthy} then coalesce(failing_since, now()) end
        where event_subscription_id = ${event_subscription_id}
          and (failing_since is null) <> ${healthy}`
    },

    /** Switches off a subscription that nothing can be delivered to; its owner reads why. */
    async disable({
      event_subscription_id,
      reason,
      failing_for_seconds = 0,
    }: {
      event_subscription_id: string
      reason: string
      /** Only if nothing has succeeded for so long. */
      failing_for_seconds?: number
    }): Promise<boolean> {
      const rows = await sql`
        update event_subscriptions
        set enabled = false, disabled_reason = ${reason}, modified_on = now()
        where event_subscription_id = ${event_subscription_id} and enabled
          and failing_since <= now() - make_interval(secs => ${failing_for_seconds})
        returning event_subscription_id`
      return rows.length > 0
    },
  }
}
