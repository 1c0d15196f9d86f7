/** Sends an event to its subscription's destination, once, and returns what came of it. */
import type { PublishedBuildEvent } from '@workers-builds/contracts'
import { signedHeaders, webhookUrlProblem } from '@workers-builds/event-webhooks'
import { parseKeyring } from '@workers-builds/sealing'
import type { EventSubscriptionRow } from '@workers-builds/store'

const TIMEOUT_MS = 10_000

export type DeliverEnv = Pick<
  Env,
  'BUILD_KEYRING' | 'WEBHOOK_ADDRESSES' | 'BUILD_EVENTS_QUEUE_ID' | 'GIT_TAG'
> & { BUILD_EVENTS_QUEUE?: Queue<PublishedBuildEvent> }

/** `error` is null when it was delivered; of the receiver's answer it holds the status alone. */
export type Answer = {
  response_status: number | null
  error: string | null
  retryAfter: string | null
  /** The receiver answered that it is gone for good. */
  gone: boolean
}

export async function deliver(
  env: DeliverEnv,
  delivery: { id: string; event: PublishedBuildEvent; subscription: EventSubscriptionRow },
): Promise<Answer> {
  const { destination_type } = delivery.subscription
  return destination_type === 'webhook'
    ? await sendWebhook(env, delivery)
    : await sendToQueue(env, delivery)
}

async function sendToQueue(
  env: DeliverEnv,
  { event, subscription }: { event: PublishedBuildEvent; subscription: EventSubscriptionRow },
): Promise<Answer> {
  const queue = env.BUILD_EVENTS_QUEUE
  if (queue === undefined || subscription.queue_id !== env.BUILD_EVENTS_QUEUE_ID) {
    return failure(`There is no queue ${subscription.queue_id} any more`)
  }
  await queue.send(event, { contentType: 'json' })
  return { response_status: null, error: null, retryAfter: null, gone: false }
}

async function sendWebhook(
  env: DeliverEnv,
  {
    id,
    event,
    subscription,
  }: { id: string; event: PublishedBuildEvent; subscription: EventSubscriptionRow },
): Promise<Answer> {
  const { event_subscription_id, url, secret_sealed } = subscription
  if (url === null || secret_sealed === null) return failure('The subscription has no address')
  const problem = webhookUrlProblem(url, env.WEBHOOK_ADDRESSES === 'any' ? 'any' : 'public')
  if (problem !== null) return failure(`The address is refused: ${problem}`)
  const secret = await parseKeyring(env.BUILD_KEYRING).open(secret_sealed, {
    table: 'event_subscriptions',
    row: event_subscription_id,
    column: 'secret_sealed',
  })
  const body = JSON.stringify(event)
  const response = await post(url, {
    ...signedHeaders({ id, now: new Date(), body, secret }),
    'content-type': 'application/json',
    'user-agent': `workers-builds/${env.GIT_TAG}`,
    body,
  })
  if ('error' in response) return failure(response.error)
  // Nobody reads it, and it may never end.
  await response.body?.cancel()
  return {
    response_status: response.status,
    error: response.ok ? null : refusal(response.status),
    retryAfter: response.headers.get('retry-after'),
    gone: response.status === 410,
  }
}

async function post(
  url: string,
  { body, ...headers }: Record<string, string> & { body: string },
): Promise<Response | { error: string }> {
  try {
    return await fetch(url, {
      method: 'POST',
      body,
      headers,
      // A redirect could lead to an address that was never looked at.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError'
    return { error: timedOut ? `No answer within ${TIMEOUT_MS / 1_000} s` : 'No connection' }
  }
}

function refusal(status: number): string {
  const isRedirect = status >= 300 && status < 400
  return isRedirect ? `Answered ${status}; redirects are not followed` : `Answered ${status}`
}

function failure(error: string): Answer {
  return { response_status: null, error, retryAfter: null, gone: false }
}
