import { v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { DeployHookPath, findWorker, noSuchHook } from './find-worker.ts'

export const deleteDeployHook = operation(
  {
    method: 'delete',
    path: '/workers/{script_name}/deploy_hooks/{deploy_hook_uuid}',
    operationId: 'deleteDeployHook',
    summary: 'Delete a deploy hook; its address no longer starts builds',
    request: { params: DeployHookPath },
    responses: answers(z.null()),
  },
  async (c) => {
    const { store } = c.var
    const { deploy_hook_uuid } = c.req.valid('param')
    const worker = await findWorker(store, c.req.valid('param'))
    if (!(await store.deployHooks.delete({ ...worker, deploy_hook_uuid }))) {
      throw noSuchHook(deploy_hook_uuid)
    }
    return c.json(v4Success(null), 200)
  },
)
