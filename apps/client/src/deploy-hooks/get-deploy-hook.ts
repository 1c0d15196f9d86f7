import { DeployHook, v4Success } from '@workers-builds/contracts'
import { answers, operation } from '../api/operation.ts'
import { deployHookView } from './deploy-hook.view.ts'
import { DeployHookPath, findWorker, noSuchHook } from './find-worker.ts'

export const getDeployHook = operation(
  {
    method: 'get',
    path: '/workers/{script_name}/deploy_hooks/{deploy_hook_uuid}',
    operationId: 'getDeployHook',
    summary: 'Get a deploy hook',
    request: { params: DeployHookPath },
    responses: answers(DeployHook),
  },
  async (c) => {
    const { store } = c.var
    const { deploy_hook_uuid } = c.req.valid('param')
    const worker = await findWorker(store, c.req.valid('param'))
    const hook = await store.deployHooks.select({ ...worker, deploy_hook_uuid })
    if (hook === undefined) throw noSuchHook(deploy_hook_uuid)
    return c.json(v4Success(deployHookView(hook)), 200)
  },
)
