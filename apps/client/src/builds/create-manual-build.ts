import { Build, BuildsError, type Commit, CreateManualBuild } from '@workers-builds/contracts'
import type { TriggerRow } from '@workers-builds/store'
import { answers, jsonBody, operation } from '../api/operation.ts'
import { TriggerPath } from '../api/parameters.ts'
import { buildManagement } from '../bindings.ts'
import { findTrigger, lockTriggerForBuild } from '../triggers/find-trigger.ts'
import { answerQueuedBuild, queueBuild } from './queue-build.ts'

export const createManualBuild = operation(
  {
    method: 'post',
    path: '/triggers/{trigger_uuid}/builds',
    operationId: 'createManualBuild',
    summary: 'Start a build of a branch or a commit, whatever the branch rules of the trigger are',
    request: { params: TriggerPath, body: jsonBody(CreateManualBuild) },
    responses: answers(Build),
  },
  async (c) => {
    const path = c.req.valid('param')
    const request = c.req.valid('json')
    if (request.seed_repo !== undefined) {
      throw new BuildsError(
        'invalid_request',
        'Invalid request body: seed_repo: this system cannot write to repositories; push the template to the repository and leave seed_repo out',
      )
    }
    const { store } = c.var
    const commit = await resolve(c.env, { trigger: await findTrigger(store, path), request })
    const { build_uuid } = await store.transaction(async (tx) => {
      const trigger = await lockTriggerForBuild(tx, path)
      return await queueBuild(tx, { trigger, commit, source: 'manual' })
    })
    return await answerQueuedBuild(c, { ...path, build_uuid }, 200)
  },
)

/**
 * The commit to build, and the branch that it is built as: none when only a commit was given. When
 * both are given, the commit is built as that branch, whatever the branch points at by now.
 */
async function resolve(
  env: Env,
  { trigger, request }: { trigger: TriggerRow; request: CreateManualBuild },
): Promise<Commit & { branch: string }> {
  const { repo_connection_uuid } = trigger.repo_connection
  const { branch = '', commit_hash } = request
  const management = buildManagement(env)
  const commit = await (commit_hash === undefined
    ? management.resolveBranch({ repo_connection_uuid, branch })
    : management.resolveCommit({ repo_connection_uuid, commit_hash }))
  if (commit !== null) return { branch, ...commit }
  const name = commit_hash === undefined ? `branch ${branch}` : `commit ${commit_hash}`
  throw new BuildsError('not_found', `Not found: the repository has no ${name}`)
}
