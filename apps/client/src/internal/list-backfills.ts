import { type Backfills, v4Success } from '@workers-builds/contracts'
import type { Context } from 'hono'
import { buildManagement } from '../bindings.ts'
import type { ClientContext } from '../context.ts'

const MOST_RUNS = 100

/** `GET /build-errors/backfills`: the runs, newest first, and how far the one under way is. */
export async function listBackfills(c: Context<ClientContext>): Promise<Response> {
  const [runs, current] = await Promise.all([
    c.var.store.backfills.selectAll({ limit: MOST_RUNS }),
    buildManagement(c.env).getBackfillProgress(),
  ])
  const result: Backfills = runs.map((run) => ({
    ...run,
    progress: run.backfill_id === current?.backfill_id ? current.progress : null,
  }))
  return c.json(v4Success(result))
}
