import { v4Success, WorkerBuild } from '@workers-builds/contracts'
import { answers, operation } from '../api/operation.ts'
import { WorkerPath } from '../api/parameters.ts'
import { readWorkerBuild } from './read-worker-build.ts'

export const getWorkerBuild = operation(
  {
    method: 'get',
    path: '/workers/{script_tag}',
    operationId: 'getWorkerBuild',
    summary: 'How a Worker is built: for production, and from all other branches',
    request: { params: WorkerPath },
    responses: answers(WorkerBuild),
  },
  async (c) => c.json(v4Success(await readWorkerBuild(c.var.store, c.req.valid('param'))), 200),
)
