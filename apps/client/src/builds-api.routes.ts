/**
 * `/client/v4/accounts/{account_id}/builds`: the API of Workers Builds. Each folder mounts its own
 * operations; what they share is that a caller may read or write this account.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import { account } from './account/account.routes.ts'
import { authenticate, authorizeAccount } from './authentication/authenticate.ts'
import { buildErrors } from './build-errors/build-errors.routes.ts'
import { buildTokens } from './build-tokens/build-tokens.routes.ts'
import { builds } from './builds/builds.routes.ts'
import type { ClientContext } from './context.ts'
import { deployHooks } from './deploy-hooks/deploy-hooks.routes.ts'
import { environmentVariables } from './environment-variables/environment-variables.routes.ts'
import { liveLog } from './live-log/live-log.routes.ts'
import { limitBody } from './middleware/limit-body.ts'
import { readJson } from './middleware/read-json.ts'
import { repositories } from './repositories/repositories.routes.ts'
import { triggers } from './triggers/triggers.routes.ts'
import { workerBuilds } from './worker-builds/worker-builds.routes.ts'

const MAX_BODY_BYTES = 1024 * 1024

export const buildsApi = new OpenAPIHono<ClientContext>()
// Before the others: its operations check by themselves who calls.
buildsApi.route('/', liveLog)
buildsApi.use(limitBody(MAX_BODY_BYTES), authenticate, authorizeAccount, readJson)
for (const routes of [
  builds,
  buildErrors,
  triggers,
  environmentVariables,
  repositories,
  buildTokens,
  account,
  workerBuilds,
  deployHooks,
]) {
  buildsApi.route('/', routes)
}
