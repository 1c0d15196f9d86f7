import { BuildsError, Deletion, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { AccountPath } from '../api/parameters.ts'
import { wakeScheduler } from '../bindings.ts'

export const deleteWorkerScript = operation(
  {
    method: 'delete',
    path: '/scripts/{script_name}',
    operationId: 'worker-script-delete-worker',
    summary: 'Erase a Worker with all its builds, logs and secrets; call again for the progress',
    request: { params: AccountPath.extend({ script_name: z.string().min(1).max(255) }) },
    responses: answers(Deletion),
  },
  async (c) => {
    const { account_id, script_name } = c.req.valid('param')
    const { workers, deletions } = c.var.store
    const script_tag = await workers.selectTag({ account_id, script_name })
    const deletion = script_tag && (await deletions.requestWorker({ account_id, script_tag }))
    if (!deletion)
      throw new BuildsError('not_found', `Not found: no Worker is named ${script_name}`)
    wakeScheduler(c)
    const { requested_on, ...rest } = deletion
    return c.json(v4Success({ ...rest, requested_on: requested_on.toISOString() }), 200)
  },
)
