/**
 * How a Worker is built, as one thing: its repository, its production settings, and those of all other
 * branches.
 *
 * Keyed by the Worker's tag. It is a view on the Worker's two triggers, which `triggers/` shows one by
 * one: which of them is for production follows from their branches (`triggers/production.ts`). A Worker
 * without a production trigger has no build configuration (12040).
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { createWorkerBuild } from './create-worker-build.ts'
import { deleteWorkerBuild } from './delete-worker-build.ts'
import { getWorkerBuild } from './get-worker-build.ts'
import { migrateToPreviews } from './migrate-to-previews.ts'
import { updateWorkerBuild } from './update-worker-build.ts'

export const workerBuilds = new OpenAPIHono<ClientContext>()
workerBuilds.openapiRoutes([
  createWorkerBuild,
  getWorkerBuild,
  updateWorkerBuild,
  deleteWorkerBuild,
  migrateToPreviews,
])
