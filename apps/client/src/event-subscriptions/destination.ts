import { BuildsError, type EventSubscriptionInput } from '@workers-builds/contracts'
import { webhookUrlProblem } from '@workers-builds/event-webhooks'
import type { EventSubscriptionSettings } from '@workers-builds/store'
import { invalidRequest } from '../validation/refuse-invalid.ts'

type Destination = Pick<EventSubscriptionSettings, 'destination_type' | 'queue_id' | 'url'>

/** A destination as it is stored; throws when there is no such queue, or when nothing may be sent to the address. */
export function storedDestination(
  env: Pick<Env, 'WEBHOOK_ADDRESSES' | 'BUILD_EVENTS_QUEUE_ID'>,
  destination: EventSubscriptionInput['destination'],
): Destination {
  if (destination.type === 'webhook') {
    assertAddress(env, destination.url)
    return { destination_type: 'webhook', url: destination.url, queue_id: null }
  }
  const { queue_id } = destination
  if (queue_id !== env.BUILD_EVENTS_QUEUE_ID) {
    throw new BuildsError(
      'not_found',
      `Not found: queue ${queue_id} (the queue of build events here is ${env.BUILD_EVENTS_QUEUE_ID || 'none'})`,
    )
  }
  return { destination_type: 'queues.queue', queue_id, url: null }
}

function assertAddress(env: Pick<Env, 'WEBHOOK_ADDRESSES'>, url: string): void {
  const expected = webhookUrlProblem(url, env.WEBHOOK_ADDRESSES === 'any' ? 'any' : 'public')
  if (expected === null) return
  const message = `Invalid request body: destination.url: ${expected}`
  const path = ['destination', 'url']
  // The address itself is not quoted: there may be a password in it.
  throw invalidRequest([
    { message, path, expected, got: 'another URL', source: { pointer: '/destination/url' } },
  ])
}
