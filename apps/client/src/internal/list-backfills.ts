import { Backfills, v4Success } from '@workers-builds/contracts'
import { buildManagement } from '../bindings.ts'
import { answers, operation } from '../openapi/operation.ts'

const MOST_RUNS = 100

export const listBackfills = operation(
  {
    method: 'get',
    path: '/build-errors/backfills',
    operationId: 'listBackfills',
    summary: 'The runs, newest first, and how far the one under way is',
    responses: answers(Backfills),
  },
  async (c) => {
    const [runs, current] = await Promise.all([
      c.var.store.backfills.selectAll({ limit: MOST_RUNS }),
      buildManagement(c.env).getBackfillProgress(),
    ])
    const result: Backfills = runs.map((run) => ({
      ...run,
      progress: run.backfill_id === current?.backfill_id ? current.progress : null,
    }))
    return c.json(v4Success(result), 200)
  },
)
