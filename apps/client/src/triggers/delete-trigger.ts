import { v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { endBuilds } from '../builds/end-builds.ts'
import { answers, operation } from '../openapi/operation.ts'
import { TriggerPath } from '../openapi/parameters.ts'
import { noSuchTrigger } from './find-trigger.ts'

export const deleteTrigger = operation(
  {
    method: 'delete',
    path: '/triggers/{trigger_uuid}',
    operationId: 'deleteTrigger',
    summary: 'Deletes a trigger with its variables, and cancels its unfinished builds',
    request: { params: TriggerPath },
    responses: answers(z.null()),
  },
  async (c) => {
    const { account_id, trigger_uuid } = c.req.valid('param')
    const deleted = await c.var.store.transaction((tx) =>
      tx.triggers.delete({ account_id, trigger_uuid }),
    )
    if (deleted === undefined) throw noSuchTrigger({ trigger_uuid })
    await endBuilds(c.env, deleted.unfinished_build_ids)
    return c.json(v4Success(null), 200)
  },
)
