import { BuildsError, Health, v4Success } from '@workers-builds/contracts'
import { answers, operation } from '../api/operation.ts'
import { checkHealth } from './check-health.ts'
import { createKeptAnswer } from './kept-answer.ts'

/** Anybody may ask, however often; the parts are asked at most once in this time. */
const KEPT_MS = 3_000

/** This isolate's last answer. */
const health = createKeptAnswer<Health>({ kept_ms: KEPT_MS })

export const getHealth = operation(
  {
    method: 'get',
    path: '/health',
    operationId: 'getHealth',
    summary: 'Check the health of each part of the system: 200 when all parts work, else 503',
    security: [],
    responses: answers(Health),
  },
  async (c) => {
    const result = await health.get(Date.now(), () => checkHealth(c.env, c.var.store))
    c.header('cache-control', 'no-store')
    if (result.healthy) return c.json(v4Success(result), 200)
    const parts = Object.entries(result.parts).filter(([, status]) => status !== 'ok')
    throw new BuildsError(
      'unavailable',
      `Unhealthy: ${parts.map(([part, status]) => `${part} (${status})`).join(', ')}; the logs say why`,
      { result, retryAfterSeconds: KEPT_MS / 1_000 },
    )
  },
)
