import { randomBytes, randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { useDatabase } from './testing/database.ts'

const harness = useDatabase()
const { store, sql } = harness

test('webhooks are forgotten after a month, a bounded number at once, and their builds stay', async () => {
  const { build, tenant } = await harness.createBuild()
  const ids: number[] = []
  for (let i = 0; i < 5; i++) {
    const { repo_connection_uuid } = tenant
    const delivery = { repo_connection_uuid, delivery_id: randomUUID(), event: 'push' }
    ids.push(
      (await store.webhookDeliveries.insert({ ...delivery, body_sha256: randomBytes(32) })) ?? 0,
    )
  }
  await sql`
    update builds set webhook_delivery_id = ${ids[0] ?? 0} where build_id = ${build.build_id}`
  expect(await store.webhookDeliveries.prune({ limit: 10 })).toBe(0)
  await sql`
    update webhook_deliveries set received_on = now() - interval '31 days'
    where webhook_delivery_id in ${sql(ids.slice(0, 3))}`
  expect(await store.webhookDeliveries.prune({ limit: 2 })).toBe(2)
  expect(await store.webhookDeliveries.prune({ limit: 2 })).toBe(1)
  expect(await store.webhookDeliveries.prune({ limit: 2 })).toBe(0)
  const kept = await sql`select webhook_delivery_id from webhook_deliveries order by 1`
  expect(kept.map((row) => row['webhook_delivery_id'])).toEqual(ids.slice(3))
  const [row] = await sql`
    select webhook_delivery_id from builds where build_id = ${build.build_id}`
  expect(row).toEqual({ webhook_delivery_id: null })
})
