import { Build, BuildsError, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { PageQuery, WorkerPath } from '../api/parameters.ts'
import { resultInfo } from '../api/result-info.ts'
import { buildView } from './build.view.ts'

export const listWorkerBuilds = operation(
  {
    method: 'get',
    path: '/workers/{script_tag}/builds',
    operationId: 'listBuildsByScript',
    summary: 'List the builds of a Worker, newest first',
    request: { params: WorkerPath, query: PageQuery },
    responses: answers(z.array(Build)),
  },
  async (c) => {
    const worker = c.req.valid('param')
    const paging = c.req.valid('query')
    if (!(await c.var.store.workers.exists(worker))) {
      throw new BuildsError(
        'no_build_configuration',
        `No build configuration for ${worker.script_tag}`,
      )
    }
    const { builds, total_count } = await c.var.store.builds.selectPageByWorker({
      ...worker,
      ...paging,
    })
    const info = resultInfo({ ...paging, count: builds.length, total_count })
    return c.json(v4Success(builds.map(buildView), info), 200)
  },
)
