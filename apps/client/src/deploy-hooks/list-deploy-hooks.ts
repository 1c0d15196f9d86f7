import { ListedDeployHook, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { authorizeWriting } from '../authentication/authenticate.ts'
import { deployHookView } from './deploy-hook.view.ts'
import { DeployHooksPath, findWorker } from './find-worker.ts'

export const listDeployHooks = operation(
  {
    method: 'get',
    path: '/workers/{script_name}/deploy_hooks',
    operationId: 'listDeployHooks',
    summary:
      "List a Worker's deploy hooks, oldest first, each with the last build it started; needs write permission, as their uuids are secrets",
    middleware: [authorizeWriting],
    request: { params: DeployHooksPath },
    responses: answers(z.array(ListedDeployHook)),
  },
  async (c) => {
    const { store } = c.var
    const { script_tag } = await findWorker(store, c.req.valid('param'))
    const rows = await store.deployHooks.selectByWorker(script_tag)
    const hooks = rows.map(({ latest_build_on, ...row }) => ({
      ...deployHookView(row),
      latest_build: latest_build_on && { created_on: latest_build_on.toISOString() },
    }))
    return c.json(v4Success(hooks), 200)
  },
)
