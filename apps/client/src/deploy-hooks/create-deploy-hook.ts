import { BuildsError, DeployHook, DeployHookInput, v4Success } from '@workers-builds/contracts'
import { answers, jsonBody, operation } from '../api/operation.ts'
import { deployHookView } from './deploy-hook.view.ts'
import { DeployHooksPath, findWorker } from './find-worker.ts'

/** They are listed without pages. */
const MOST_HOOKS = 100

export const createDeployHook = operation(
  {
    method: 'post',
    path: '/workers/{script_name}/deploy_hooks',
    operationId: 'createDeployHook',
    summary: 'Create a deploy hook; its uuid is the secret',
    request: { params: DeployHooksPath, body: jsonBody(DeployHookInput) },
    responses: answers(DeployHook),
  },
  async (c) => {
    const { store } = c.var
    const { account_id, script_tag, script_name } = await findWorker(store, c.req.valid('param'))
    const input = c.req.valid('json')
    const hook = await store.transaction(async (tx) => {
      await tx.workers.lock({ account_id, script_tag })
      const { length } = await tx.deployHooks.selectByWorker(script_tag)
      if (length >= MOST_HOOKS) {
        throw new BuildsError(
          'conflict',
          `Worker ${script_name} has ${length} deploy hooks, and ${MOST_HOOKS} is the most: delete one first`,
        )
      }
      return await tx.deployHooks.insert({ account_id, script_tag, ...input })
    })
    return c.json(v4Success(deployHookView(hook)), 200)
  },
)
