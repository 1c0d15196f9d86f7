import { v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { TriggerPath } from '../api/parameters.ts'
import { cancelBuilds } from '../bindings.ts'
import { noSuchTrigger } from './find-trigger.ts'

export const deleteTrigger = operation(
  {
    method: 'delete',
    path: '/triggers/{trigger_uuid}',
    operationId: 'deleteTrigger',
    summary: 'Delete a trigger with its variables, and cancel its unfinished builds',
    request: { params: TriggerPath },
    responses: answers(z.null()),
  },
  async (c) => {
    const { account_id, trigger_uuid } = c.req.valid('param')
    const deleted = await c.var.store.transaction((tx) =>
      tx.triggers.delete({ account_id, trigger_uuid }),
    )
    if (deleted === undefined) throw noSuchTrigger({ trigger_uuid })
    await cancelBuilds(c.env, deleted.unfinished_build_ids)
    return c.json(v4Success(null), 200)
  },
)
