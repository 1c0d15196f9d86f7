import { TriggerDetails, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { WorkerPath } from '../api/parameters.ts'
import { findWorkerByTag } from '../workers/find-worker-by-tag.ts'
import { triggerView } from './trigger.view.ts'

export const listWorkerTriggers = operation(
  {
    method: 'get',
    path: '/workers/{script_tag}/triggers',
    operationId: 'listTriggersByScript',
    summary: "List a Worker's triggers, oldest first",
    request: { params: WorkerPath },
    responses: answers(z.array(TriggerDetails)),
  },
  async (c) => {
    const worker = await findWorkerByTag(c.var.store, c.req.valid('param'))
    const triggers = await c.var.store.triggers.selectByWorker(worker)
    return c.json(v4Success(triggers.map(triggerView)), 200)
  },
)
