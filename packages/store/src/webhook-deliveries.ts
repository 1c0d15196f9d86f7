import type { Sql } from './sql.ts'

export type WebhookDelivery = {
  repo_connection_uuid: string
  delivery_id: string
  body_sha256: Uint8Array
  event: string
}

export type WebhookDeliveryStore = ReturnType<typeof webhookDeliveryStore>

/** Webhooks that were taken, so that one that comes twice makes no second build. */
export function webhookDeliveryStore(sql: Sql) {
  return {
    /**
     * Records a delivery and answers its number; undefined when one with this id or this very body
     * was recorded before. While another transaction records the same one, this waits for it.
     */
    async insert(delivery: WebhookDelivery): Promise<number | undefined> {
      const [row] = await sql<{ webhook_delivery_id: number }[]>`
        insert into webhook_deliveries ${sql(delivery)}
        on conflict do nothing
        returning webhook_delivery_id`
      return row?.webhook_delivery_id
    },

    /** The builds that an earlier delivery with this id or body made. */
    async selectBuildUuids(
      delivery: Pick<WebhookDelivery, 'repo_connection_uuid' | 'delivery_id' | 'body_sha256'>,
    ): Promise<string[]> {
      const rows = await sql<{ build_uuid: string }[]>`
        select b.build_uuid
        from webhook_deliveries d join builds b using (webhook_delivery_id)
        where d.repo_connection_uuid = ${delivery.repo_connection_uuid}
          and (d.delivery_id = ${delivery.delivery_id} or d.body_sha256 = ${delivery.body_sha256})
        order by b.build_id`
      return rows.map((row) => row.build_uuid)
    },
  }
}
