import { Build, BuildsError, v4Message, v4Success } from '@workers-builds/contracts'
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
    description:
      'A page of very large builds ends early; `messages` then has the `per_page` with which all are listed.',
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
    const { builds, total_count, left_out } = await c.var.store.builds.selectPageByWorker({
      ...worker,
      ...paging,
    })
    const info = resultInfo({ ...paging, count: builds.length, total_count })
    const messages = left_out === 0 ? [] : [endsEarly(builds.length)]
    return c.json(v4Success(builds.map(buildView), { result_info: info, messages }), 200)
  },
)

function endsEarly(count: number) {
  return v4Message(
    'page_ends_early',
    `This page ends after ${count} builds, since they are large: ask for per_page=${count} to list those that are missing.`,
  )
}
