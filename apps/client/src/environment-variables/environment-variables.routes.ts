/**
 * The variables that the builds of a trigger run with.
 *
 * Keyed by trigger and name. A secret is sealed by build-management before the transaction begins, since
 * that is a call of another Worker, and is never returned. Of a body that is wrong nothing is stored.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { deleteEnvironmentVariable } from './delete-environment-variable.ts'
import { listEnvironmentVariables } from './list-environment-variables.ts'
import { updateEnvironmentVariables } from './update-environment-variables.ts'

export const environmentVariables = new OpenAPIHono<ClientContext>()
environmentVariables.openapiRoutes([
  listEnvironmentVariables,
  updateEnvironmentVariables,
  deleteEnvironmentVariable,
])
