import { BuildDetails, v4Success } from '@workers-builds/contracts'
import { isoOrNull } from '../api/iso-dates.ts'
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
    responses: answers(BuildDetails),
  },
  async (c) => {
    const build = await findBuild(c.var.store, c.req.valid('param'))
    const steps = await c.var.store.builds.selectSteps(build.build_id)
    const details: BuildDetails = {
      ...buildView(build),
      steps: steps.map(({ started_on, ended_on, ...step }) => ({
        ...step,
        started_on: started_on.toISOString(),
        ended_on: isoOrNull(ended_on),
      })),
    }
    return c.json(v4Success(details), 200)
  },
)
