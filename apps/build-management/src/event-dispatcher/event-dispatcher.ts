import { DurableObject } from 'cloudflare:workers'
import { outboxPump } from '../outbox/outbox-pump.ts'
import { deliverDue } from './deliver-due.ts'

/**
 * Delivers the events of one subscription: each has a dispatcher of its own, so that an endpoint
 * that is slow or dead holds back no other.
 *
 * What is due a trigger of Postgres writes with the change of the build
 * (`packages/store/sql/record_build_event.sql`).
 */
export class EventDispatcher extends DurableObject<Env> {
  readonly #pump = outboxPump({
    ctx: this.ctx,
    env: this.env,
    source: 'EventDispatcher',
    ownerKey: 'event_subscription_id',
    workOff: (store, event_subscription_id) =>
      deliverDue({ env: this.env, store, event_subscription_id }),
    failure: 'events could not be delivered; trying again',
  })

  /** Delivers what is due, soon. */
  async wake({ event_subscription_id }: { event_subscription_id: string }): Promise<void> {
    await this.#pump.wake(event_subscription_id)
  }

  override async alarm(): Promise<void> {
    await this.#pump.alarm()
  }
}
