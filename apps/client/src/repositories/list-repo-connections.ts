import { ConnectedRepo, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { AccountPath, PageQuery } from '../api/parameters.ts'
import { resultInfo } from '../api/result-info.ts'
import { repoConnectionView } from './repo-connection.view.ts'

export const listRepoConnections = operation(
  {
    method: 'get',
    path: '/repos/connections',
    operationId: 'listRepoConnections',
    summary: "List an account's repository connections, oldest first",
    request: { params: AccountPath, query: PageQuery },
    responses: answers(z.array(ConnectedRepo)),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const paging = c.req.valid('query')
    const { connections, total_count } = await c.var.store.repoConnections.selectPage({
      account_id,
      ...paging,
    })
    const info = resultInfo({ ...paging, count: connections.length, total_count })
    return c.json(
      v4Success(
        connections.map((row) => repoConnectionView(row, c.env)),
        { result_info: info },
      ),
      200,
    )
  },
)
