import { v4Success, WorkerScript } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { AccountPath, PageQuery } from '../api/parameters.ts'
import { resultInfo } from '../api/result-info.ts'
import { workerScriptView } from './worker-script.view.ts'

/** Clients of the Workers API ask for no page: few accounts have more Workers than the first has. */
const Query = PageQuery.extend({
  per_page: z.coerce.number().int().min(1).max(1_000).default(1_000),
})

export const listWorkerScripts = operation(
  {
    method: 'get',
    path: '/scripts',
    operationId: 'worker-script-list-workers',
    summary: "List an account's Workers, with the tags that identify their builds",
    request: { params: AccountPath, query: Query },
    responses: answers(z.array(WorkerScript)),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const paging = c.req.valid('query')
    const { workers, total_count } = await c.var.store.workers.selectByAccount({
      account_id,
      ...paging,
    })
    const info = resultInfo({ ...paging, count: workers.length, total_count })
    return c.json(v4Success(workers.map(workerScriptView), { result_info: info }), 200)
  },
)
