/** `/client/v4/accounts/{account_id}/builds`: an account's builds. */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { deployHooks } from '../deploy-hooks/deploy-hooks.routes.ts'
import { authenticate, authorizeAccount } from '../middleware/authenticate.ts'
import { limitBody } from '../middleware/limit-body.ts'
import { readJson } from '../middleware/read-json.ts'
import { cancelBuild } from './cancel-build.ts'
import { createLiveLogTicket } from './create-live-log-ticket.ts'
import { getBuild } from './get-build.ts'
import { getBuildErrors } from './get-build-errors.ts'
import { getBuildLogs } from './get-build-logs.ts'
import { listWorkerBuilds } from './list-worker-builds.ts'
import { watchBuildLog } from './watch-build-log.ts'

const MAX_BODY_BYTES = 1024 * 1024

export const builds = new OpenAPIHono<ClientContext>()
// These have rules of their own on who may call.
builds.openapiRoutes([createLiveLogTicket, watchBuildLog])
builds.use(limitBody(MAX_BODY_BYTES), authenticate, authorizeAccount, readJson)
builds.openapiRoutes([getBuild, getBuildLogs, getBuildErrors, cancelBuild, listWorkerBuilds])
builds.route('/', deployHooks)
