import { BuildEventName, BuildsError, EventDelivery, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answersAccepted, jsonBody, operation } from '../api/operation.ts'
import { findSubscription, SubscriptionPath } from './find-subscription.ts'
import { deliveryView } from './subscription.view.ts'

export const testSubscription = operation(
  {
    method: 'post',
    path: '/subscriptions/{subscription_id}/test',
    operationId: 'testEventSubscription',
    summary:
      'Send a test event of a build that does not exist; by default of the first subscribed type',
    request: {
      params: SubscriptionPath,
      body: jsonBody(z.strictObject({ event: BuildEventName.optional() })),
    },
    responses: answersAccepted(EventDelivery),
  },
  async (c) => {
    const { store } = c.var
    const subscription = await findSubscription(store, c.req.valid('param'))
    if (!subscription.enabled) {
      throw new BuildsError('conflict', 'The subscription is switched off: enable it first.')
    }
    const { account_id, event_subscription_id, events } = subscription
    const event = c.req.valid('json').event ?? events[0] ?? 'build.failed'
    const row = await store.eventDeliveries.insertTest({ account_id, event_subscription_id, event })
    return c.json(v4Success(deliveryView(row)), 202)
  },
)
