import { v4Success, WorkerBuild } from '@workers-builds/contracts'
import { answers, operation } from '../api/operation.ts'
import { WorkerPath } from '../api/parameters.ts'
import { readWorkerBuild } from './read-worker-build.ts'

export const getWorkerBuild = operation(
  {
    method: 'get',
    path: '/workers/{script_tag}',
    operationId: 'getWorkerBuild',
    summary: 'Get the build settings of a Worker: for production, and for all other branches',
    request: { params: WorkerPath },
    responses: answers(WorkerBuild),
  },
  async (c) => c.json(v4Success(await readWorkerBuild(c.var.store, c.req.valid('param'))), 200),
)
