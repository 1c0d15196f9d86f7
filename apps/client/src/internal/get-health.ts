import { v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../openapi/operation.ts'

export const getHealth = operation(
  {
    method: 'get',
    path: '/health',
    operationId: 'getHealth',
    summary: 'Whether the system can answer',
    security: [],
    responses: answers(z.object({ healthy: z.literal(true) })),
  },
  async (c) => {
    await c.var.store.ping()
    return c.json(v4Success({ healthy: true as const }), 200)
  },
)
