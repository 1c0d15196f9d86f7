/**
 * Builds: queue, list, read, cancel and retry them, and read their logs.
 *
 * Keyed by `build_uuid`; a Worker's builds by its tag. A build is queued in one place, `queue-build.ts`,
 * and started by Scheduler. Rows come from Postgres; only the log of a build that was started is asked
 * of its BuildBuddy, so that reading never creates an object. Another account's build is not found.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { cancelBuild } from './cancel-build.ts'
import { createManualBuild } from './create-manual-build.ts'
import { getBuild } from './get-build.ts'
import { getBuildLogs } from './get-build-logs.ts'
import { getLatestBuilds } from './get-latest-builds.ts'
import { listBuilds } from './list-builds.ts'
import { listWorkerBuilds } from './list-worker-builds.ts'
import { retryBuild } from './retry-build.ts'
import { searchBuilds } from './search-builds.ts'

export const builds = new OpenAPIHono<ClientContext>()
builds.openapiRoutes([
  listBuilds,
  getLatestBuilds,
  searchBuilds,
  getBuild,
  getBuildLogs,
  cancelBuild,
  retryBuild,
  listWorkerBuilds,
  createManualBuild,
])
