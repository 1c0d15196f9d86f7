import { BuildsError, v4Success, WebhookDeliveryView } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { AccountPath, PageQuery } from '../api/parameters.ts'
import { resultInfo } from '../api/result-info.ts'

export const listWebhookDeliveries = operation(
  {
    method: 'get',
    path: '/repos/connections/{repo_connection_uuid}/deliveries',
    operationId: 'listWebhookDeliveries',
    summary: 'List the webhook deliveries of a repository, newest first, with the result of each',
    request: {
      params: AccountPath.extend({ repo_connection_uuid: z.uuid() }),
      query: PageQuery,
    },
    responses: answers(z.array(WebhookDeliveryView)),
  },
  async (c) => {
    const connection = c.req.valid('param')
    const paging = c.req.valid('query')
    const { repo_connection_uuid } = connection
    if (!(await c.var.store.repoConnections.exists(connection))) {
      const message = `Not found: repository connection ${repo_connection_uuid}`
      throw new BuildsError('not_found', message)
    }
    const { deliveries, total_count } = await c.var.store.webhookDeliveries.selectPage({
      repo_connection_uuid,
      ...paging,
    })
    const views = deliveries.map((delivery) => ({
      ...delivery,
      received_on: delivery.received_on.toISOString(),
    }))
    const info = resultInfo({ ...paging, count: views.length, total_count })
    return c.json(v4Success(views, { result_info: info }), 200)
  },
)
