import { BuildsError, MigrateToPreviews, v4Success, WorkerBuild } from '@workers-builds/contracts'
import { answers, jsonBody, operation } from '../api/operation.ts'
import { WorkerPath } from '../api/parameters.ts'
import { lockTrigger } from '../triggers/find-trigger.ts'
import { readWorkerBuild, selectWorkerTriggers } from './read-worker-build.ts'

/** The trigger becomes the base config, so that its settings, variables and history go along. */
export const migrateToPreviews = operation(
  {
    method: 'post',
    path: '/workers/{script_tag}/migrate_to_previews',
    operationId: 'migrateToPreviews',
    summary:
      'Let the trigger for other branches build all of them, with this deploy command and otherwise its settings',
    request: { params: WorkerPath, body: jsonBody(MigrateToPreviews) },
    responses: answers(WorkerBuild),
  },
  async (c) => {
    const worker = c.req.valid('param')
    const { deploy_command } = c.req.valid('json')
    const result = await c.var.store.transaction(async (tx) => {
      const { production, previews } = await selectWorkerTriggers(tx, worker)
      if (previews === undefined) {
        throw new BuildsError(
          'conflict',
          `Worker ${worker.script_tag} has no trigger for other branches that could be migrated`,
        )
      }
      const { trigger_uuid } = await lockTrigger(tx, previews)
      await tx.triggers.update(trigger_uuid, {
        deploy_command,
        branch_includes: ['*'],
        branch_excludes: production.branch_includes,
      })
      return await readWorkerBuild(tx, worker)
    })
    return c.json(v4Success(result), 200)
  },
)
