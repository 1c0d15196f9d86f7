import { v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { TriggerPath } from '../api/parameters.ts'
import { lockTrigger } from './find-trigger.ts'

export const purgeBuildCache = operation(
  {
    method: 'post',
    path: '/triggers/{trigger_uuid}/purge_build_cache',
    operationId: 'purgeBuildCache',
    summary: 'Purge the build cache of a trigger: its next build begins with an empty one',
    request: { params: TriggerPath },
    responses: answers(z.null()),
  },
  async (c) => {
    await c.var.store.transaction(async (tx) => {
      const { trigger_uuid } = await lockTrigger(tx, c.req.valid('param'))
      await tx.triggers.purgeCache(trigger_uuid)
    })
    return c.json(v4Success(null), 200)
  },
)
