import { EventSubscriptionPatch, NewEventSubscription, v4Success } from '@workers-builds/contracts'
import { answers, jsonBody, operation } from '../api/operation.ts'
import { createEventSecret } from './create-secret.ts'
import { storedDestination } from './destination.ts'
import { findSubscription, SubscriptionPath } from './find-subscription.ts'
import { subscriptionView } from './subscription.view.ts'

export const updateSubscription = operation(
  {
    method: 'patch',
    path: '/subscriptions/{subscription_id}',
    operationId: 'subscriptions-patch',
    summary: 'Change an event subscription; a queue that becomes a webhook gets a secret',
    request: { params: SubscriptionPath, body: jsonBody(EventSubscriptionPatch) },
    responses: answers(NewEventSubscription),
  },
  async (c) => {
    const { store } = c.var
    const before = await findSubscription(store, c.req.valid('param'))
    const { account_id, event_subscription_id } = before
    const patch = c.req.valid('json')
    const destination = patch.destination ? storedDestination(c.env, patch.destination) : before
    const isWebhook = destination.destination_type === 'webhook'
    const secret =
      isWebhook && before.secret_sealed === null
        ? await createEventSecret(c.env, event_subscription_id)
        : null
    const { destination_type, queue_id, url } = destination
    await store.eventSubscriptions.update({
      account_id,
      event_subscription_id,
      destination_type,
      queue_id,
      url,
      subscription_name: patch.name ?? before.subscription_name,
      enabled: patch.enabled ?? before.enabled,
      events: patch.events ?? before.events,
      secret_sealed: isWebhook ? (secret?.secret_sealed ?? before.secret_sealed) : null,
    })
    const row = await findSubscription(store, c.req.valid('param'))
    return c.json(
      v4Success({ ...subscriptionView(row), ...(secret && { secret: secret.secret }) }),
      200,
    )
  },
)
