import { Build, v4Success } from '@workers-builds/contracts'
import { answers, operation } from '../api/operation.ts'
import { BuildPath } from '../api/parameters.ts'
import { buildView } from './build.view.ts'
import { findBuild } from './find-build.ts'

export const getBuild = operation(
  {
    method: 'get',
    path: '/builds/{build_uuid}',
    operationId: 'getBuildByUuid',
    summary: 'Get a build',
    request: { params: BuildPath },
    responses: answers(Build),
  },
  async (c) => {
    const build = await findBuild(c.var.store, c.req.valid('param'))
    return c.json(v4Success(buildView(build)), 200)
  },
)
