import { EventSubscription, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { AccountPath, PageQuery } from '../api/parameters.ts'
import { resultInfo } from '../api/result-info.ts'
import { subscriptionView } from './subscription.view.ts'

export const listSubscriptions = operation(
  {
    method: 'get',
    path: '/subscriptions',
    operationId: 'subscriptions-list',
    summary: "List an account's event subscriptions, oldest first",
    request: { params: AccountPath, query: PageQuery },
    responses: answers(z.array(EventSubscription)),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const paging = c.req.valid('query')
    const { subscriptions, total_count } = await c.var.store.eventSubscriptions.selectPage({
      account_id,
      ...paging,
    })
    const info = resultInfo({ ...paging, count: subscriptions.length, total_count })
    return c.json(v4Success(subscriptions.map(subscriptionView), { result_info: info }), 200)
  },
)
