import { BuildErrors, v4Message, v4Success } from '@workers-builds/contracts'
import { answers, operation } from '../api/operation.ts'
import { BuildPath } from '../api/parameters.ts'
import { findBuild } from '../builds/find-build.ts'
import { explained } from './explained.ts'
import { fromLog } from './from-log.ts'
import { noExplanation } from './no-explanation.ts'

export const getBuildErrors = operation(
  {
    method: 'get',
    path: '/builds/{build_uuid}/errors',
    operationId: 'getBuildErrors',
    summary: 'Explain why a build failed, root cause first',
    description:
      'Where there is no explanation, `messages` says why. It also has the warnings of the build, which may have succeeded.',
    request: { params: BuildPath },
    responses: answers(BuildErrors),
  },
  async (c) => {
    const { store } = c.var
    const build = await findBuild(store, c.req.valid('param'))
    const { build_id } = build
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
      errors: await Promise.all(
        errors.map(async (error) => ({
          ...explained(error),
          ...(await fromLog(c.env, { build, line: error.line })),
        })),
      ),
    }
    const messages = [
      ...(result.scan === null ? [noExplanation(build)] : []),
      ...build.warnings.map((warning) => v4Message('build_warning', warning)),
    ]
    return c.json(v4Success(result, { messages }), 200)
  },
)
