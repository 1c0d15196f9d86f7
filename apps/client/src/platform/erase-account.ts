import { BuildsError, Deletion, v4Success } from '@workers-builds/contracts'
import { answersAccepted, operation } from '../api/operation.ts'
import { AccountPath } from '../api/parameters.ts'
import { buildManagement } from '../bindings.ts'

export const eraseAccount = operation(
  {
    method: 'delete',
    path: '/accounts/{account_id}',
    operationId: 'eraseAccount',
    summary: 'Erase an account with all its builds, logs and secrets; call again for the progress',
    request: { params: AccountPath },
    responses: answersAccepted(Deletion),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const deletion = await c.var.store.deletions.requestAccount({ account_id })
    if (deletion === undefined) {
      throw new BuildsError('not_found', `Not found: account ${account_id}`)
    }
    await buildManagement(c.env).wakeScheduler()
    const { requested_on, ...rest } = deletion
    return c.json(v4Success({ ...rest, requested_on: requested_on.toISOString() }), 202)
  },
)
