/** `/internal`: the platform's own views across accounts, and what operates it. */
import { v4Success } from '@workers-builds/contracts'
import { Hono } from 'hono'
import { buildManagement } from '../bindings.ts'
import type { ClientContext } from '../context.ts'
import { authenticate, authorizePlatform } from '../middleware/authenticate.ts'
import { limitBody } from '../middleware/request-body.ts'
import { listBackfills } from './list-backfills.ts'
import { startBackfill } from './start-backfill.ts'
import { stopBackfill } from './stop-backfill.ts'
import { topBuildErrors } from './top-build-errors.ts'
import { unclassifiedBuildErrors } from './unclassified-build-errors.ts'

const MAX_BODY_BYTES = 1024 * 1024

export const internal = new Hono<ClientContext>()
  .get('/health', async (c) => {
    await c.var.store.ping()
    return c.json(v4Success({ healthy: true }))
  })
  .use(limitBody(MAX_BODY_BYTES), authenticate, authorizePlatform)
  .get('/build-errors/top', topBuildErrors)
  .get('/build-errors/unclassified', unclassifiedBuildErrors)
  .post('/build-errors/backfills', startBackfill)
  .get('/build-errors/backfills', listBackfills)
  .post('/build-errors/backfills/stop', stopBackfill)
  .post('/scheduler/wake', async (c) => {
    await buildManagement(c.env).wakeScheduler()
    return c.json(v4Success(null))
  })
