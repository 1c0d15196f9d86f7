/** `/internal`: the platform's own views across accounts, and what operates it. */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { authenticate, authorizePlatform } from '../middleware/authenticate.ts'
import { limitBody } from '../middleware/limit-body.ts'
import { readJson } from '../middleware/read-json.ts'
import { getBuildCompletion } from './build-completion.ts'
import { eraseAccount } from './erase-account.ts'
import { giveGitInstallation, takeGitInstallation } from './git-installations.ts'
import { listBackfills } from './list-backfills.ts'
import { listSealedSecrets } from './list-sealed-secrets.ts'
import { newBuildErrors } from './new-build-errors.ts'
import { rotateSecrets } from './rotate-secrets.ts'
import { startBackfill } from './start-backfill.ts'
import { stopBackfill } from './stop-backfill.ts'
import { topBuildErrors } from './top-build-errors.ts'
import { trendOfBuildErrors } from './trend-of-build-errors.ts'
import { unclassifiedBuildErrors } from './unclassified-build-errors.ts'
import { wakeScheduler } from './wake-scheduler.ts'

const MAX_BODY_BYTES = 1024 * 1024

export const internal = new OpenAPIHono<ClientContext>()
internal.use(limitBody(MAX_BODY_BYTES), authenticate, authorizePlatform, readJson)
internal.openapiRoutes([
  topBuildErrors,
  trendOfBuildErrors,
  newBuildErrors,
  unclassifiedBuildErrors,
  startBackfill,
  listBackfills,
  stopBackfill,
  wakeScheduler,
  eraseAccount,
  giveGitInstallation,
  takeGitInstallation,
  getBuildCompletion,
  listSealedSecrets,
  rotateSecrets,
])
