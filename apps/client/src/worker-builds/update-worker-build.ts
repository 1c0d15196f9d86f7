import {
  BuildsError,
  UpdateWorkerBuild,
  v4Success,
  WorkerBuild,
  type WorkerBuildSettingsPatch,
} from '@workers-builds/contracts'
import type { TriggerRow } from '@workers-builds/store'
import { z } from 'zod'
import { answers, jsonBody, operation } from '../api/operation.ts'
import { WorkerPath } from '../api/parameters.ts'
import { applyVariables } from '../environment-variables/apply-variables.ts'
import { sealVariables } from '../environment-variables/seal-variables.ts'
import { weakSecretWarnings } from '../environment-variables/weak-secrets.ts'
import { checkBuildImage } from '../triggers/check-build-image.ts'
import { lockTrigger } from '../triggers/find-trigger.ts'
import { lockReferences } from '../triggers/lock-references.ts'
import { readWorkerBuild, selectWorkerTriggers } from './read-worker-build.ts'

/** Clients of Workers Builds send it; builds of other branches have no settings of their own here. */
const UpdateQuery = z.object({ patch_existing_previews: z.enum(['true', 'false']).optional() })

export const updateWorkerBuild = operation(
  {
    method: 'patch',
    path: '/workers/{script_tag}',
    operationId: 'updateWorkerBuild',
    summary: 'Update the build settings of a Worker; what is left out stays',
    request: { params: WorkerPath, query: UpdateQuery, body: jsonBody(UpdateWorkerBuild) },
    responses: answers(WorkerBuild),
  },
  async (c) => {
    const worker = c.req.valid('param')
    const { account_id } = worker
    const request = c.req.valid('json')
    const { production, previews } = await selectWorkerTriggers(c.var.store, worker)
    const asksForPreviews = request.previews_enabled || request.previews_base_config
    if (previews === undefined && asksForPreviews) {
      throw new BuildsError(
        'conflict',
        `Worker ${worker.script_tag} has no trigger for other branches: create one with POST …/builds/triggers`,
      )
    }
    if (request.previews_enabled && previews && !previews.branch_includes.includes('*')) {
      throw new BuildsError(
        'legacy_preview_trigger',
        `Previews cannot be switched on while ${previews.trigger_name} (${previews.trigger_uuid}) builds only some other branches: POST …/builds/workers/${worker.script_tag}/migrate_to_previews first`,
      )
    }
    const branch = request.git_repository?.branch
    const changes = await Promise.all([
      prepare(c.env, production, {
        ...request.production_settings,
        ...(branch !== undefined && { branch_includes: [branch] }),
      }),
      previews &&
        prepare(c.env, previews, {
          ...request.previews_base_config,
          ...(branch !== undefined && { branch_excludes: [branch] }),
          ...(request.previews_enabled !== undefined && {
            builds_enabled: request.previews_enabled,
          }),
        }),
    ])
    // In the order in which a push locks them.
    const ordered = changes
      .filter((change) => change !== undefined)
      .toSorted((one, other) => (one.trigger_uuid < other.trigger_uuid ? -1 : 1))
    const result = await c.var.store.transaction(async (tx) => {
      for (const prepared of ordered) {
        const { trigger_uuid, settings, change, sealed } = prepared
        await lockTrigger(tx, { account_id, trigger_uuid })
        await lockReferences(tx, { account_id, build_token_uuid: settings.build_token_uuid })
        await tx.triggers.update(trigger_uuid, settings)
        await applyVariables(tx, { trigger_uuid, change, sealed })
      }
      return await readWorkerBuild(tx, worker)
    })
    const messages = [request.production_settings, request.previews_base_config].flatMap(
      (settings) => weakSecretWarnings(settings?.environment_variables ?? {}),
    )
    return c.json(v4Success(result, { messages }), 200)
  },
)

/** A change of one trigger, its secrets sealed, which another Worker does and may take long. */
async function prepare<Patch extends WorkerBuildSettingsPatch>(
  env: Env,
  { trigger_uuid }: TriggerRow,
  { environment_variables: change = {}, ...settings }: Patch,
) {
  await checkBuildImage(env, settings)
  const sealed = await sealVariables(env, { trigger_uuid, change })
  return { trigger_uuid, settings, change, sealed }
}
