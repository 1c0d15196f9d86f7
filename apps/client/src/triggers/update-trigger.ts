import { TriggerDetails, UpdateTrigger, v4Success } from '@workers-builds/contracts'
import { answers, jsonBody, operation } from '../api/operation.ts'
import { TriggerPath } from '../api/parameters.ts'
import { checkBuildImage } from './check-build-image.ts'
import { findTrigger, lockTrigger } from './find-trigger.ts'
import { lockReferences } from './lock-references.ts'
import { triggerView } from './trigger.view.ts'

export const updateTrigger = operation(
  {
    method: 'patch',
    path: '/triggers/{trigger_uuid}',
    operationId: 'updateTrigger',
    summary: 'Update a trigger, for the builds that are queued from now on; what is left out stays',
    request: { params: TriggerPath, body: jsonBody(UpdateTrigger) },
    responses: answers(TriggerDetails),
  },
  async (c) => {
    const path = c.req.valid('param')
    const settings = c.req.valid('json')
    await checkBuildImage(c.env, settings)
    const trigger = await c.var.store.transaction(async (tx) => {
      const { trigger_uuid, account_id } = await lockTrigger(tx, path)
      await lockReferences(tx, { account_id, ...settings })
      await tx.triggers.update(trigger_uuid, settings)
      return await findTrigger(tx, path)
    })
    return c.json(v4Success(triggerView(trigger)), 200)
  },
)
