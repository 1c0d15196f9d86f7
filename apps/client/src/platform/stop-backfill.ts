import { Backfill, BuildsError, v4Success } from '@workers-builds/contracts'
import { answers, operation } from '../api/operation.ts'
import { buildManagement } from '../bindings.ts'

export const stopBackfill = operation(
  {
    method: 'post',
    path: '/build-errors/backfills/stop',
    operationId: 'stopBackfill',
    summary: 'Stop the running backfill',
    responses: answers(Backfill),
  },
  async (c) => {
    const stopped = await buildManagement(c.env).stopBackfill()
    if (stopped === null) throw new BuildsError('conflict', 'No backfill is running.')
    return c.json(v4Success(stopped), 200)
  },
)
