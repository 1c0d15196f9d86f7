import { BuildsError, CreateWorkerBuild, v4Success, WorkerBuild } from '@workers-builds/contracts'
import { answersCreated, jsonBody, operation } from '../api/operation.ts'
import { AccountPath } from '../api/parameters.ts'
import { applyVariables } from '../environment-variables/apply-variables.ts'
import { sealVariables } from '../environment-variables/seal-variables.ts'
import { weakSecretWarnings } from '../environment-variables/weak-secrets.ts'
import { newConnection } from '../repositories/new-connection.ts'
import { checkBuildImage } from '../triggers/check-build-image.ts'
import { lockReferences } from '../triggers/lock-references.ts'
import { readWorkerBuild } from './read-worker-build.ts'

export const createWorkerBuild = operation(
  {
    method: 'post',
    path: '/workers',
    operationId: 'createWorkerBuild',
    summary: 'Connect a repository to a Worker and create both of its triggers',
    request: { params: AccountPath, body: jsonBody(CreateWorkerBuild) },
    responses: answersCreated(WorkerBuild),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const { script_tag, git_repository, ...request } = c.req.valid('json')
    const { branch, ...repository } = git_repository
    const worker = { account_id, script_tag }
    const { webhook_secret, ...row } = await newConnection(c.env, { account_id, repository })
    // Before anything is locked: another Worker seals, which may take long.
    const triggers = await Promise.all(
      [
        {
          trigger_name: 'Deploy default branch',
          branch_includes: [branch],
          branch_excludes: [],
          builds_enabled: true,
          settings: request.production_settings,
        },
        {
          trigger_name: 'Deploy non-production branches',
          branch_includes: ['*'],
          branch_excludes: [branch],
          builds_enabled: request.previews_enabled,
          settings: request.previews_base_config,
        },
      ].map(async ({ settings: { environment_variables: change, ...settings }, ...trigger }) => {
        await checkBuildImage(c.env, settings)
        const trigger_uuid = crypto.randomUUID()
        const sealed = await sealVariables(c.env, { trigger_uuid, change })
        return { trigger: { ...trigger, ...settings, trigger_uuid }, change, sealed }
      }),
    )
    const result = await c.var.store.transaction(async (tx) => {
      if (!(await tx.workers.lock(worker))) {
        throw new BuildsError('not_found', `Not found: Worker ${script_tag}`)
      }
      if ((await tx.triggers.selectByWorker(worker)).length > 0) {
        throw new BuildsError(
          'conflict',
          `Worker ${script_tag} is built already: change that with PATCH …/builds/workers/${script_tag}`,
        )
      }
      const { connection, created } = await tx.repoConnections.upsert(row)
      const { repo_connection_uuid } = connection
      for (const { trigger, change, sealed } of triggers) {
        await lockReferences(tx, { account_id, build_token_uuid: trigger.build_token_uuid })
        const whole = { ...trigger, external_script_id: script_tag, repo_connection_uuid }
        const trigger_uuid = await tx.triggers.insert(whole)
        await applyVariables(tx, { trigger_uuid, change, sealed })
      }
      const view = await readWorkerBuild(tx, worker)
      if (created) view.git_repository.webhook_secret = webhook_secret
      return view
    })
    const messages = [request.production_settings, request.previews_base_config].flatMap(
      (settings) => weakSecretWarnings(settings?.environment_variables ?? {}),
    )
    return c.json(v4Success(result, { messages }), 201)
  },
)
