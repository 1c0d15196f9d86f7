/**
 * Why builds failed, as error detection found it: of one build, of a Worker's newest builds, and of an
 * account over time.
 *
 * Errors are stored with their code, cause and group alone; title, fix and link are added when they are
 * read, so that better advice reaches old builds. `scan` is null until a failed build was scanned.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { getBuildErrors } from './get-build-errors.ts'
import { listAccountErrors } from './list-account-errors.ts'
import { listWorkerErrors } from './list-worker-errors.ts'

export const buildErrors = new OpenAPIHono<ClientContext>()
buildErrors.openapiRoutes([getBuildErrors, listAccountErrors, listWorkerErrors])
