import { BuildsError } from '@workers-builds/contracts'
import type { EventSubscriptionRow, Store } from '@workers-builds/store'
import { z } from 'zod'
import { AccountPath } from '../api/parameters.ts'

/** `…/subscriptions/{subscription_id}` */
export const SubscriptionPath = AccountPath.extend({
  subscription_id: z.string().regex(/^[0-9a-f]{32}$/, 'expected 32 lower-case hex digits'),
})

/** The subscription that the path names; another account's is not found either. */
export async function findSubscription(
  store: Store,
  { account_id, subscription_id }: z.infer<typeof SubscriptionPath>,
): Promise<EventSubscriptionRow> {
  const subscription = await store.eventSubscriptions.select({
    account_id,
    event_subscription_id: subscription_id,
  })
  if (subscription !== undefined) return subscription
  throw new BuildsError('not_found', `Not found: event subscription ${subscription_id}`)
}
