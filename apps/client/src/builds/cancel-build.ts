import { CancelledBuild, v4Success } from '@workers-builds/contracts'
import { answers, operation } from '../api/operation.ts'
import { BuildPath } from '../api/parameters.ts'
import { buildManagement } from '../bindings.ts'
import { findBuild } from './find-build.ts'

export const cancelBuild = operation(
  {
    method: 'put',
    path: '/builds/{build_uuid}/cancel',
    operationId: 'cancelBuildByUuid',
    summary: 'Cancel a build; one that has stopped keeps its outcome',
    request: { params: BuildPath },
    responses: answers(CancelledBuild),
  },
  async (c) => {
    const { store } = c.var
    const { build_id, status } = await findBuild(store, c.req.valid('param'))
    if (status !== 'stopped') {
      const wasQueued = await store.builds.cancelQueued(build_id)
      if (!wasQueued) await buildManagement(c.env).cancelBuild({ build_id })
    }
    const { build_uuid, build_outcome, stopped_on } = await findBuild(store, c.req.valid('param'))
    const cancelled = { build_uuid, build_outcome, stopped_on: stopped_on?.toISOString() ?? null }
    return c.json(v4Success(cancelled), 200)
  },
)
