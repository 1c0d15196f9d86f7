/** Delivers the events of one subscription that are due, and records what came of each. */
import { logger } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import type { DueDelivery, EventSubscriptionRow, Store } from '@workers-builds/store'
import PQueue from 'p-queue'
import { retrySeconds } from '../outbox/retry.ts'
import { composeEvent } from './compose-event.ts'
import { type Answer, type DeliverEnv, deliver } from './deliver.ts'

/** A Worker has six connections at once; one is for the database. */
const CONCURRENT_DELIVERIES = 4
/** With the time-out of one, a pass is over long before what it took is due again. */
const MOST_PER_PASS = 20
/** More than one pass delivers, so that the table stays as large as it is. */
const FORGOTTEN_PER_PASS = 100
/** An endpoint that nothing has reached for so long is not tried any more. */
const GIVE_UP_SECONDS = 3 * 24 * 60 * 60

type DeliveryContext = { env: DeliverEnv; store: Store }

/** True when there may be more. */
export async function deliverDue({
  env,
  store,
  event_subscription_id,
}: DeliveryContext & { event_subscription_id: string }): Promise<boolean> {
  const subscription = await store.eventSubscriptions.selectToDeliver(event_subscription_id)
  if (subscription === undefined) return false
  const taken = await store.eventDeliveries.take({ event_subscription_id, limit: MOST_PER_PASS })
  const queue = new PQueue({ concurrency: CONCURRENT_DELIVERIES })
  await queue.addAll(taken.map((due) => () => tryDelivery({ env, store }, { due, subscription })))
  await store.eventDeliveries.prune({ limit: FORGOTTEN_PER_PASS })
  return taken.length === MOST_PER_PASS
}

async function tryDelivery(
  { env, store }: DeliveryContext,
  { due, subscription }: { due: DueDelivery; subscription: EventSubscriptionRow },
): Promise<void> {
  const { event_delivery_uuid, attempts } = due
  const { event_subscription_id } = subscription
  const event = composeEvent(due, subscription)
  const answer = await send(env, { id: event_delivery_uuid, event, subscription })
  const { error, response_status, retryAfter, gone } = answer
  const retry_seconds =
    error === null ? null : retrySeconds({ attempts, retryAfter, random: Math.random() })
  await store.eventDeliveries.record({
    event_delivery_uuid,
    response_status,
    error,
    retry_seconds,
  })
  await store.eventSubscriptions.recordHealth({ event_subscription_id, healthy: error === null })
  if (error === null) return
  const disabled = await store.eventSubscriptions.disable({
    event_subscription_id,
    failing_for_seconds: gone ? 0 : GIVE_UP_SECONDS,
    reason: gone
      ? 'The endpoint answered 410: it is gone for good'
      : `Nothing could be delivered for three days. The last try: ${error}`,
  })
  if (disabled) logger.warn('an event subscription is switched off: nothing reaches its endpoint')
}

/** What is wrong on our side is retried as well, and reported to us, not to the subscriber. */
async function send(env: DeliverEnv, delivery: Parameters<typeof deliver>[1]): Promise<Answer> {
  try {
    return await deliver(env, delivery)
  } catch (error) {
    reportError(error, 'an event could not be sent')
    return {
      response_status: null,
      error: 'Something went wrong on our side',
      retryAfter: null,
      gone: false,
    }
  }
}
