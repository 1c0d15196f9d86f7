import { EventDelivery, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { PageQuery } from '../api/parameters.ts'
import { resultInfo } from '../api/result-info.ts'
import { findSubscription, SubscriptionPath } from './find-subscription.ts'
import { deliveryView } from './subscription.view.ts'

export const listDeliveries = operation(
  {
    method: 'get',
    path: '/subscriptions/{subscription_id}/deliveries',
    operationId: 'listEventDeliveries',
    summary:
      'List the deliveries of a subscription in the last month and their responses, newest first',
    request: { params: SubscriptionPath, query: PageQuery },
    responses: answers(z.array(EventDelivery)),
  },
  async (c) => {
    const { store } = c.var
    const { event_subscription_id } = await findSubscription(store, c.req.valid('param'))
    const paging = c.req.valid('query')
    const { deliveries, total_count } = await store.eventDeliveries.selectPage({
      event_subscription_id,
      ...paging,
    })
    const info = resultInfo({ ...paging, count: deliveries.length, total_count })
    return c.json(v4Success(deliveries.map(deliveryView), { result_info: info }), 200)
  },
)
