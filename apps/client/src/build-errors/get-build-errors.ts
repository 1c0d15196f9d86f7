import { BuildErrors, v4Success } from '@workers-builds/contracts'
import { answers, operation } from '../api/operation.ts'
import { BuildPath } from '../api/parameters.ts'
import { findBuild } from '../builds/find-build.ts'
import { explained } from './explained.ts'

export const getBuildErrors = operation(
  {
    method: 'get',
    path: '/builds/{build_uuid}/errors',
    operationId: 'getBuildErrors',
    summary: 'Explain why a build failed, root cause first',
    request: { params: BuildPath },
    responses: answers(BuildErrors),
  },
  async (c) => {
    const { store } = c.var
    const { build_id } = await findBuild(store, c.req.valid('param'))
    const [scan, errors] = await Promise.all([
      store.buildErrorScans.select(build_id),
      store.buildErrors.selectByBuild(build_id),
    ])
    const result: BuildErrors = {
      scan: scan
        ? {
            outcome: scan.outcome,
            detector_version: scan.detector_version,
            lines_read: scan.lines_read,
            scanned_on: scan.scanned_on.toISOString(),
          }
        : null,
      errors: errors.map(explained),
    }
    return c.json(v4Success(result), 200)
  },
)
