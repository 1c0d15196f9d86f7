import { v4Success, WorkerScript } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { AccountPath } from '../api/parameters.ts'
import { workerScriptView } from './worker-script.view.ts'

export const listWorkerScripts = operation(
  {
    method: 'get',
    path: '/scripts',
    operationId: 'worker-script-list-workers',
    summary: "List an account's Workers, with the tags that identify their builds",
    request: { params: AccountPath },
    responses: answers(z.array(WorkerScript)),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const workers = await c.var.store.workers.selectByAccount(account_id)
    return c.json(v4Success(workers.map(workerScriptView)), 200)
  },
)
