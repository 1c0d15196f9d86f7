import { BuildsError, VariableKey, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { TriggerPath } from '../api/parameters.ts'
import { lockTrigger } from '../triggers/find-trigger.ts'

export const deleteEnvironmentVariable = operation(
  {
    method: 'delete',
    path: '/triggers/{trigger_uuid}/environment_variables/{environment_variable_key}',
    operationId: 'deleteEnvironmentVariable',
    summary: 'Delete a variable of a trigger',
    request: { params: TriggerPath.extend({ environment_variable_key: VariableKey }) },
    responses: answers(z.null()),
  },
  async (c) => {
    const { environment_variable_key: key, ...path } = c.req.valid('param')
    await c.var.store.transaction(async (tx) => {
      const { trigger_uuid } = await lockTrigger(tx, path)
      if ((await tx.environmentVariables.delete(trigger_uuid, [key])) > 0) return
      throw new BuildsError(
        'not_found',
        `Not found: trigger ${trigger_uuid} has no variable ${key}`,
      )
    })
    return c.json(v4Success(null), 200)
  },
)
