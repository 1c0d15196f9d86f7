/** `/client/v4/accounts/:account_id/builds`: an account's builds. */
import { Hono } from 'hono'
import type { ClientContext } from '../context.ts'
import { authenticate, authorizeAccount } from '../middleware/authenticate.ts'
import { limitBody, requireJson } from '../middleware/request-body.ts'
import { cancelBuild } from './cancel-build.ts'
import { getBuild } from './get-build.ts'
import { getBuildErrors } from './get-build-errors.ts'
import { getBuildLogs } from './get-build-logs.ts'
import { listWorkerBuilds } from './list-worker-builds.ts'

const MAX_BODY_BYTES = 1024 * 1024

export const builds = new Hono<ClientContext>()
  .use(limitBody(MAX_BODY_BYTES), authenticate, authorizeAccount, requireJson)
  .get('/builds/:build_uuid', getBuild)
  .get('/builds/:build_uuid/logs', getBuildLogs)
  .get('/builds/:build_uuid/errors', getBuildErrors)
  .put('/builds/:build_uuid/cancel', cancelBuild)
  .get('/workers/:script_tag/builds', listWorkerBuilds)
