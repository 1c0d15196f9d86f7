/** `/client/v4/accounts/{account_id}/builds`: an account's builds. */
import { OpenAPIHono } from '@hono/zod-openapi'
import { getAccountLimits } from '../account/get-account-limits.ts'
import type { ClientContext } from '../context.ts'
import { deployHooks } from '../deploy-hooks/deploy-hooks.routes.ts'
import { deleteEnvironmentVariable } from '../environment-variables/delete-environment-variable.ts'
import { listEnvironmentVariables } from '../environment-variables/list-environment-variables.ts'
import { updateEnvironmentVariables } from '../environment-variables/update-environment-variables.ts'
import { authenticate, authorizeAccount } from '../middleware/authenticate.ts'
import { limitBody } from '../middleware/limit-body.ts'
import { readJson } from '../middleware/read-json.ts'
import { createGitGrant } from '../repos/create-git-grant.ts'
import { deleteRepoConnection } from '../repos/delete-repo-connection.ts'
import { getConfigAutofill } from '../repos/get-config-autofill.ts'
import { listRepoConnections } from '../repos/list-repo-connections.ts'
import { listWebhookDeliveries } from '../repos/list-webhook-deliveries.ts'
import { upsertRepoConnection } from '../repos/upsert-repo-connection.ts'
import { createBuildToken } from '../tokens/create-build-token.ts'
import { deleteBuildToken } from '../tokens/delete-build-token.ts'
import { listBuildTokens } from '../tokens/list-build-tokens.ts'
import { createManualBuild } from '../triggers/create-manual-build.ts'
import { createTrigger } from '../triggers/create-trigger.ts'
import { deleteTrigger } from '../triggers/delete-trigger.ts'
import { listWorkerTriggers } from '../triggers/list-worker-triggers.ts'
import { purgeBuildCache } from '../triggers/purge-build-cache.ts'
import { updateTrigger } from '../triggers/update-trigger.ts'
import { createWorkerBuild } from '../worker-builds/create-worker-build.ts'
import { deleteWorkerBuild } from '../worker-builds/delete-worker-build.ts'
import { getWorkerBuild } from '../worker-builds/get-worker-build.ts'
import { migrateToPreviews } from '../worker-builds/migrate-to-previews.ts'
import { updateWorkerBuild } from '../worker-builds/update-worker-build.ts'
import { cancelBuild } from './cancel-build.ts'
import { createLiveLogTicket } from './create-live-log-ticket.ts'
import { getBuild } from './get-build.ts'
import { getBuildErrors } from './get-build-errors.ts'
import { getBuildLogs } from './get-build-logs.ts'
import { getLatestBuilds } from './get-latest-builds.ts'
import { listAccountErrors } from './list-account-errors.ts'
import { listBuilds } from './list-builds.ts'
import { listWorkerBuilds } from './list-worker-builds.ts'
import { listWorkerErrors } from './list-worker-errors.ts'
import { retryBuild } from './retry-build.ts'
import { watchBuildLog } from './watch-build-log.ts'

const MAX_BODY_BYTES = 1024 * 1024

export const builds = new OpenAPIHono<ClientContext>()
// These have rules of their own on who may call.
builds.openapiRoutes([createLiveLogTicket, watchBuildLog])
builds.use(limitBody(MAX_BODY_BYTES), authenticate, authorizeAccount, readJson)
builds.openapiRoutes([
  listBuilds,
  getLatestBuilds,
  getBuild,
  getBuildLogs,
  getBuildErrors,
  listAccountErrors,
  cancelBuild,
  retryBuild,
  listWorkerBuilds,
  listWorkerErrors,
  listWorkerTriggers,
  createTrigger,
  updateTrigger,
  deleteTrigger,
  createManualBuild,
  purgeBuildCache,
  listEnvironmentVariables,
  updateEnvironmentVariables,
  deleteEnvironmentVariable,
  upsertRepoConnection,
  listRepoConnections,
  deleteRepoConnection,
  listWebhookDeliveries,
  getConfigAutofill,
  createGitGrant,
  createBuildToken,
  listBuildTokens,
  deleteBuildToken,
  getAccountLimits,
  createWorkerBuild,
  getWorkerBuild,
  updateWorkerBuild,
  deleteWorkerBuild,
  migrateToPreviews,
])
builds.route('/', deployHooks)
