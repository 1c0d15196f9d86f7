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
    const result: Backfills = runs.map((run) => {
      if (run.status !== 'running' || run.backfill_id !== current?.backfill_id) {
        return { ...run, progress: null }
      }
      // The row is as of the agent's last look; one answer must not contradict itself.
      const { builds_queued, builds_scanned, builds_failed } = current.progress
      return { ...run, builds_queued, builds_scanned, builds_failed, progress: current.progress }
    })
    return c.json(v4Success(result), 200)
  },
)
