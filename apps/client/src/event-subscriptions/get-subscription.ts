import { EventSubscription, v4Success } from '@workers-builds/contracts'
import { answers, operation } from '../api/operation.ts'
import { findSubscription, SubscriptionPath } from './find-subscription.ts'
import { subscriptionView } from './subscription.view.ts'

export const getSubscription = operation(
  {
    method: 'get',
    path: '/subscriptions/{subscription_id}',
    operationId: 'subscriptions-get',
    summary: 'Get an event subscription',
    request: { params: SubscriptionPath },
    responses: answers(EventSubscription),
  },
  async (c) => {
    const row = await findSubscription(c.var.store, c.req.valid('param'))
    return c.json(v4Success(subscriptionView(row)), 200)
  },
)
