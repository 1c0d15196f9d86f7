import {
  EnvironmentVariables,
  UpdateEnvironmentVariables,
  v4Success,
} from '@workers-builds/contracts'
import { answers, jsonBody, operation } from '../api/operation.ts'
import { TriggerPath } from '../api/parameters.ts'
import { findTrigger, lockTrigger } from '../triggers/find-trigger.ts'
import { applyVariables } from './apply-variables.ts'
import { sealVariables } from './seal-variables.ts'
import { weakSecretWarnings } from './weak-secrets.ts'

export const updateEnvironmentVariables = operation(
  {
    method: 'patch',
    path: '/triggers/{trigger_uuid}/environment_variables',
    operationId: 'upsertEnvironmentVariables',
    summary: 'Add, change or (with null) delete variables of a trigger',
    description:
      'Secrets that logs cannot mask well, because they are short or common, give a warning in `messages`.',
    request: { params: TriggerPath, body: jsonBody(UpdateEnvironmentVariables) },
    responses: answers(EnvironmentVariables),
  },
  async (c) => {
    const path = c.req.valid('param')
    const change = c.req.valid('json')
    // Before the lock: another Worker seals, which may take long.
    const { trigger_uuid } = await findTrigger(c.var.store, path)
    const sealed = await sealVariables(c.env, { trigger_uuid, change })
    const variables = await c.var.store.transaction(async (tx) => {
      await lockTrigger(tx, path)
      await applyVariables(tx, { trigger_uuid, change, sealed })
      return await tx.environmentVariables.selectByTrigger(trigger_uuid)
    })
    return c.json(v4Success(variables, { messages: weakSecretWarnings(change) }), 200)
  },
)
