import { BuildsError, v4Success, WorkerService } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { AccountPath } from '../api/parameters.ts'
import { workerScriptView } from './worker-script.view.ts'

export const getWorkerService = operation(
  {
    method: 'get',
    path: '/services/{script_name}',
    operationId: 'getWorkerService',
    summary: 'Get a Worker by its name, with the tag that identifies its builds',
    request: { params: AccountPath.extend({ script_name: z.string().min(1).max(255) }) },
    responses: answers(WorkerService),
  },
  async (c) => {
    const worker = await c.var.store.workers.selectByName(c.req.valid('param'))
    if (worker === undefined) {
      const { script_name } = c.req.valid('param')
      throw new BuildsError('not_found', `Not found: no Worker is named ${script_name}`)
    }
    const script = workerScriptView(worker)
    const { created_on, modified_on } = script
    const dates = { created_on, modified_on }
    const default_environment = { environment: 'production' as const, ...dates, script }
    return c.json(v4Success({ id: script.id, ...dates, default_environment }), 200)
  },
)
