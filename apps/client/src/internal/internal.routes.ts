/** `/internal`: the platform's own views across accounts, and what operates it. */
import { v4Success } from '@workers-builds/contracts'
import { Hono } from 'hono'
import { buildManagement } from '../build-management.ts'
import type { ClientContext } from '../context.ts'
import { authenticate, authorizePlatform } from '../middleware/authenticate.ts'
import { limitBody } from '../middleware/request-body.ts'
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
  .post('/scheduler/wake', async (c) => {
    await buildManagement(c.env).wakeScheduler()
    return c.json(v4Success(null))
  })
