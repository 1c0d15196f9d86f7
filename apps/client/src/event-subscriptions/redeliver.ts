import { BuildsError, EventDelivery, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answersAccepted, operation } from '../api/operation.ts'
import { findSubscription, SubscriptionPath } from './find-subscription.ts'
import { deliveryView } from './subscription.view.ts'

export const redeliver = operation(
  {
    method: 'post',
    path: '/subscriptions/{subscription_id}/deliveries/{delivery_id}/redeliver',
    operationId: 'redeliverEvent',
    summary: 'Deliver an event again now, under the same id, whatever its result was',
    request: { params: SubscriptionPath.extend({ delivery_id: z.uuid() }) },
    responses: answersAccepted(EventDelivery),
  },
  async (c) => {
    const { store } = c.var
    const { delivery_id } = c.req.valid('param')
    const { event_subscription_id } = await findSubscription(store, c.req.valid('param'))
    const row = await store.eventDeliveries.redeliver({
      event_subscription_id,
      event_delivery_uuid: delivery_id,
    })
    if (row === undefined) {
      throw new BuildsError('not_found', `Not found: delivery ${delivery_id}`)
    }
    return c.json(v4Success(deliveryView(row)), 202)
  },
)
