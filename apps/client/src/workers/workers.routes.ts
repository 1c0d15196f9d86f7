/**
 * `/client/v4/accounts/{account_id}/workers`: as much of the Workers API as builds need.
 *
 * A Worker has a name, by which the Workers API knows it, and a tag, by which builds do. Deleting one
 * erases it with all its builds, logs and secrets, which Scheduler works off after the answer.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import { authenticate, authorizeAccount } from '../authentication/authenticate.ts'
import type { ClientContext } from '../context.ts'
import { limitBody } from '../middleware/limit-body.ts'
import { readJson } from '../middleware/read-json.ts'
import { createWorker } from './create-worker.ts'
import { deleteWorkerScript } from './delete-worker-script.ts'
import { getWorkerService } from './get-worker-service.ts'
import { listWorkerScripts } from './list-worker-scripts.ts'

const MAX_BODY_BYTES = 1024 * 1024

export const workers = new OpenAPIHono<ClientContext>()
workers.use(limitBody(MAX_BODY_BYTES), authenticate, authorizeAccount, readJson)
workers.openapiRoutes([listWorkerScripts, getWorkerService, createWorker, deleteWorkerScript])
