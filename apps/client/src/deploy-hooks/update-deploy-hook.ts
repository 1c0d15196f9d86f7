import { DeployHook, DeployHookInput, v4Success } from '@workers-builds/contracts'
import { answers, jsonBody, operation } from '../api/operation.ts'
import { deployHookView } from './deploy-hook.view.ts'
import { DeployHookPath, findWorker, noSuchHook } from './find-worker.ts'

export const updateDeployHook = operation(
  {
    method: 'put',
    path: '/workers/{script_name}/deploy_hooks/{deploy_hook_uuid}',
    operationId: 'updateDeployHook',
    summary: 'Change the name and branch of a deploy hook; its address stays the same',
    request: { params: DeployHookPath, body: jsonBody(DeployHookInput) },
    responses: answers(DeployHook),
  },
  async (c) => {
    const { store } = c.var
    const { deploy_hook_uuid } = c.req.valid('param')
    const worker = await findWorker(store, c.req.valid('param'))
    const input = c.req.valid('json')
    const hook = await store.deployHooks.update({ ...worker, deploy_hook_uuid, ...input })
    if (hook === undefined) throw noSuchHook(deploy_hook_uuid)
    return c.json(v4Success(deployHookView(hook)), 200)
  },
)
