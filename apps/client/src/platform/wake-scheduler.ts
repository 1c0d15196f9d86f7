import { v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { buildManagement } from '../bindings.ts'

export const wakeScheduler = operation(
  {
    method: 'post',
    path: '/scheduler/wake',
    operationId: 'wakeScheduler',
    summary: 'Make Scheduler look for queued builds now',
    responses: answers(z.null()),
  },
  async (c) => {
    await buildManagement(c.env).wakeScheduler()
    return c.json(v4Success(null), 200)
  },
)
