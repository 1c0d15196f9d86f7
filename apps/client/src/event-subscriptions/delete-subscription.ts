import { EventSubscription, v4Success } from '@workers-builds/contracts'
import { answers, operation } from '../api/operation.ts'
import { findSubscription, SubscriptionPath } from './find-subscription.ts'
import { subscriptionView } from './subscription.view.ts'

export const deleteSubscription = operation(
  {
    method: 'delete',
    path: '/subscriptions/{subscription_id}',
    operationId: 'subscriptions-delete',
    summary: 'Delete an event subscription, with its events that were not delivered yet',
    request: { params: SubscriptionPath },
    responses: answers(EventSubscription),
  },
  async (c) => {
    const row = await findSubscription(c.var.store, c.req.valid('param'))
    await c.var.store.eventSubscriptions.delete(row)
    return c.json(v4Success(subscriptionView(row)), 200)
  },
)
