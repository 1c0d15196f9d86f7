/**
 * Triggers: which pushes build a Worker, and with which settings.
 *
 * Keyed by `trigger_uuid`; a Worker has at most two, one for production and one for other branches.
 * A trigger is locked while it changes and while a build of it is queued, so that nobody deletes what a
 * build is queued with; a build runs with the settings of its start. What a trigger refers to (token,
 * repository) has to be the account's own. Deleting it cancels its unfinished builds.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { createTrigger } from './create-trigger.ts'
import { deleteTrigger } from './delete-trigger.ts'
import { listWorkerTriggers } from './list-worker-triggers.ts'
import { purgeBuildCache } from './purge-build-cache.ts'
import { updateTrigger } from './update-trigger.ts'

export const triggers = new OpenAPIHono<ClientContext>()
triggers.openapiRoutes([
  listWorkerTriggers,
  createTrigger,
  updateTrigger,
  deleteTrigger,
  purgeBuildCache,
])
