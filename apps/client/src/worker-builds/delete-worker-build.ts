import { v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { WorkerPath } from '../api/parameters.ts'
import { cancelBuilds } from '../bindings.ts'
import { noBuildConfiguration } from './read-worker-build.ts'

/** The Worker, its history and its deploy hooks stay: it may be connected again. */
export const deleteWorkerBuild = operation(
  {
    method: 'delete',
    path: '/workers/{script_tag}',
    operationId: 'deleteWorkerBuild',
    summary:
      'Stop building a Worker: delete its triggers with their variables, and cancel its unfinished builds',
    request: { params: WorkerPath },
    responses: answers(z.null()),
  },
  async (c) => {
    const worker = c.req.valid('param')
    const deleted = await c.var.store.transaction((tx) => tx.triggers.delete(worker))
    if (deleted === undefined) throw noBuildConfiguration(worker)
    await cancelBuilds(c.env, deleted.unfinished_build_ids)
    return c.json(v4Success(null), 200)
  },
)
