import { Backfills, v4Success, withProgress } from '@workers-builds/contracts'
import { errorFields, logger } from '@workers-builds/logging'
import { answers, operation } from '../api/operation.ts'
import { buildManagement } from '../bindings.ts'

const MOST_RUNS = 100

/** The agent counts builds; while the database is busy the answer has no counts. */
const PROGRESS_MS = 3_000

export const listBackfills = operation(
  {
    method: 'get',
    path: '/build-errors/backfills',
    operationId: 'listBackfills',
    summary: 'List backfills, newest first, with the progress of the running one',
    responses: answers(Backfills),
  },
  async (c) => {
    // In this order: a run that ends in between is shown as ended, with its last counts.
    const current = await progressOrNull(c.env)
    const runs = await c.var.store.backfills.selectAll({ limit: MOST_RUNS })
    return c.json(v4Success(withProgress(runs, current)), 200)
  },
)

async function progressOrNull(env: Env) {
  const progress = buildManagement(env)
    .getBackfillProgress()
    .catch((error: unknown) => {
      logger.withFields(errorFields(error)).warn('the progress of the backfill is unknown')
      return null
    })
  return await Promise.race([progress, scheduler.wait(PROGRESS_MS).then(() => null)])
}
