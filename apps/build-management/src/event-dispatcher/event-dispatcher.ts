import { DurableObject } from 'cloudflare:workers'
import { logger, withLogTags } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import {
  type DueDelivery,
  type EventSubscriptionRow,
  openStore,
  type Store,
} from '@workers-builds/store'
import PQueue from 'p-queue'
import { z } from 'zod'
import { logTags } from '../log-tags.ts'
import { typedKv } from '../typed-kv.ts'
import { composeEvent } from './compose-event.ts'
import { type Answer, deliver } from './deliver.ts'
import { retrySeconds } from './retry.ts'

/** A Worker has six connections at once; one is for the database. */
const CONCURRENT_DELIVERIES = 4
/** With the time-out of one, a pass is over long before what it took is due again. */
const MOST_PER_PASS = 20
/** When the alarm fires again if it dies half-way, or the database is away. */
const SAFETY_MS = 30_000
/** An endpoint that nothing has reached for so long is not tried any more. */
const GIVE_UP_SECONDS = 3 * 24 * 60 * 60

/**
 * Delivers the events of one subscription: each has a dispatcher of its own, so that an endpoint
 * that is slow or dead holds back no other.
 *
 * What is to be delivered stands in Postgres, where a trigger writes it with the change of the build
 * (`packages/store/sql/record_build_event.sql`). Scheduler wakes
 * the dispatchers that have something to do; the alarm takes what is due, sends it, and records
 * what came of it. Were it to die in between, it would be sent again: at least once.
 */
export class EventDispatcher extends DurableObject<Env> {
  readonly #kv = typedKv(this.ctx.storage.kv, { event_subscription_id: z.string() })
  /** Whether somebody called while the alarm was at work. */
  #woken = false

  /** Looks for something to deliver now. */
  async wake({ event_subscription_id }: { event_subscription_id: string }): Promise<void> {
    this.#kv.put('event_subscription_id', event_subscription_id)
    this.#woken = true
    await this.ctx.storage.setAlarm(Date.now())
  }

  override async alarm(): Promise<void> {
    await withLogTags(logTags(this.env, 'EventDispatcher'), async () => {
      await this.ctx.storage.setAlarm(Date.now() + SAFETY_MS)
      this.#woken = false
      const store = openStore(this.env.HYPERDRIVE.connectionString, { max: 1 })
      try {
        const hasMore = await this.pass(store)
        // What is tried again later, Scheduler sees when it is due.
        if (hasMore || this.#woken) await this.ctx.storage.setAlarm(Date.now())
        else await this.ctx.storage.deleteAlarm()
      } catch (error) {
        reportError(error, 'events could not be delivered; trying again')
      } finally {
        await store.end()
      }
    })
  }

  /** Delivers what is due; true when there may be more. */
  async pass(store: Store): Promise<boolean> {
    const event_subscription_id = this.#kv.get('event_subscription_id') ?? ''
    const subscription = await store.eventSubscriptions.selectToDeliver(event_subscription_id)
    if (subscription === undefined) return false
    const taken = await store.eventDeliveries.take({ event_subscription_id, limit: MOST_PER_PASS })
    const queue = new PQueue({ concurrency: CONCURRENT_DELIVERIES })
    await queue.addAll(taken.map((due) => () => this.#try(store, { due, subscription })))
    await store.eventDeliveries.prune({ limit: 100 })
    return taken.length === MOST_PER_PASS
  }

  async #try(
    store: Store,
    { due, subscription }: { due: DueDelivery; subscription: EventSubscriptionRow },
  ): Promise<void> {
    const { event_delivery_uuid, attempts } = due
    const { event_subscription_id } = subscription
    const event = composeEvent(due, subscription)
    const answer = await this.#send({ id: event_delivery_uuid, event, subscription })
    const { error, response_status, retryAfter, gone } = answer
    const retry_seconds =
      error === null ? null : retrySeconds({ attempts, retryAfter, random: Math.random() })
    await store.eventDeliveries.record({
      ...{ event_delivery_uuid, response_status, error, retry_seconds },
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

  /** What is wrong on our side is tried again as well, and told to us, not to the subscriber. */
  async #send(delivery: Parameters<typeof deliver>[1]): Promise<Answer> {
    try {
      return await deliver(this.env, delivery)
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
}
