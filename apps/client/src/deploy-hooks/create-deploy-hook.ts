import { DeployHook, DeployHookInput, v4Success } from '@workers-builds/contracts'
import { answers, jsonBody, operation } from '../api/operation.ts'
import { deployHookView } from './deploy-hook.view.ts'
import { DeployHooksPath, findWorker } from './find-worker.ts'

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
    const { account_id, script_tag } = await findWorker(store, c.req.valid('param'))
    const input = c.req.valid('json')
    const hook = await store.deployHooks.insert({ account_id, script_tag, ...input })
    return c.json(v4Success(deployHookView(hook)), 200)
  },
)
