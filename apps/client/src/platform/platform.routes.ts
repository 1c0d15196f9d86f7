/**
 * `/internal`: for those who operate the platform: errors across accounts, backfills, erasing an
 * account, GitHub installations, and the keys of stored secrets.
 *
 * Every operation needs a token of platform scope. Errors that too few accounts share are not shown,
 * so that nobody's private text appears here. The long ones only start the work and return.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import { authenticate, authorizePlatform } from '../authentication/authenticate.ts'
import type { ClientContext } from '../context.ts'
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

export const platform = new OpenAPIHono<ClientContext>()
platform.use(limitBody(MAX_BODY_BYTES), authenticate, authorizePlatform, readJson)
platform.openapiRoutes([
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
