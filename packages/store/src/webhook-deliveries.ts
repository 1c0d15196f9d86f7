import { WebhookResult } from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from './sql.ts'

export type WebhookDelivery = {
  repo_connection_uuid: string
  delivery_id: string
  body_sha256: Uint8Array
  event: string
}

/** The result of a delivery, stored with it. */
export const DeliveryResult = WebhookResult.omit({ event: true, duplicate: true })
export type DeliveryResult = z.infer<typeof DeliveryResult>

const DeliveryRow = z.object({
  delivery_id: z.string(),
  event: z.string(),
  received_on: z.date(),
  result: DeliveryResult.nullable(),
})

export type WebhookDeliveryStore = ReturnType<typeof webhookDeliveryStore>

/**
 * How long deliveries are kept: GitHub redelivers for three days at most, and a push that is delivered
 * later is recognised by the commits that it moved the branch between.
 */
const KEPT_DAYS = 30

/** Webhooks that were accepted, so that a repeated one makes no second build. */
export function webhookDeliveryStore(sql: Sql) {
  return {
    /**
     * Records a delivery and returns its number; undefined when one with this id or this very body
     * was recorded before. While another transaction records the same one, this waits for it.
     */
    async insert(delivery: WebhookDelivery): Promise<number | undefined> {
      const [row] = await sql<{ webhook_delivery_id: number }[]>`
        insert into webhook_deliveries ${sql(delivery)}
        on conflict do nothing
        returning webhook_delivery_id`
      return row?.webhook_delivery_id
    },

    /** Records the result of a delivery. */
    async setResult(webhook_delivery_id: number, result: DeliveryResult): Promise<void> {
      await sql`
        update webhook_deliveries set result = ${sql.json(result)}
        where webhook_delivery_id = ${webhook_delivery_id}`
    },

    /** The result of the earlier delivery with this id or body. */
    async selectResult(
      delivery: Pick<WebhookDelivery, 'repo_connection_uuid' | 'delivery_id' | 'body_sha256'>,
    ): Promise<DeliveryResult> {
      const [row] = await sql`
        select coalesce(d.result, jsonb_build_object('ignored', null, 'decisions', jsonb_build_array(),
          'build_uuids', (select coalesce(jsonb_agg(b.build_uuid order by b.build_id), '[]')
            from builds b where b.webhook_delivery_id = d.webhook_delivery_id))) as result
        from webhook_deliveries d
        where d.repo_connection_uuid = ${delivery.repo_connection_uuid}
          and (d.delivery_id = ${delivery.delivery_id} or d.body_sha256 = ${delivery.body_sha256})
        order by d.webhook_delivery_id
        limit 1`
      return DeliveryResult.parse(
        row?.['result'] ?? { build_uuids: [], ignored: null, decisions: [] },
      )
    },

    /** One page of a connection's deliveries, newest first, and how many there are in all. */
    async selectPage(page: { repo_connection_uuid: string; page: number; per_page: number }) {
      const [rows, [total]] = await Promise.all([
        sql`
          select delivery_id, event, received_on, result from webhook_deliveries
          where repo_connection_uuid = ${page.repo_connection_uuid}
          order by webhook_delivery_id desc
          limit ${page.per_page} offset ${(page.page - 1) * page.per_page}`,
        sql<{ total_count: number }[]>`
          select count(*) as total_count from webhook_deliveries
          where repo_connection_uuid = ${page.repo_connection_uuid}`,
      ])
      return { deliveries: z.array(DeliveryRow).parse(rows), total_count: total?.total_count ?? 0 }
    },

    /** Deletes the oldest of those past their time; returns how many. */
    async prune({ limit }: { limit: number }): Promise<number> {
      const { count } = await sql`
        delete from webhook_deliveries
        where received_on < now() - make_interval(days => ${KEPT_DAYS}) and webhook_delivery_id in (
          select webhook_delivery_id from webhook_deliveries
          order by webhook_delivery_id limit ${limit})`
      return count
    },
  }
}
