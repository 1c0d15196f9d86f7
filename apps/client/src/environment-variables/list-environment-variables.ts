import { EnvironmentVariables, v4Success } from '@workers-builds/contracts'
import { answers, operation } from '../api/operation.ts'
import { TriggerPath } from '../api/parameters.ts'
import { findTrigger } from '../triggers/find-trigger.ts'

export const listEnvironmentVariables = operation(
  {
    method: 'get',
    path: '/triggers/{trigger_uuid}/environment_variables',
    operationId: 'listEnvironmentVariables',
    summary: 'List the variables of a trigger; the value of a secret is null',
    request: { params: TriggerPath },
    responses: answers(EnvironmentVariables),
  },
  async (c) => {
    const { trigger_uuid } = await findTrigger(c.var.store, c.req.valid('param'))
    const variables = await c.var.store.environmentVariables.selectByTrigger(trigger_uuid)
    return c.json(v4Success(variables), 200)
  },
)
