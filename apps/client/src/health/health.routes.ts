/**
 * Whether each part of the system works.
 *
 * Anybody may ask, so that an answer is kept for three seconds and the parts are asked once meanwhile.
 * A part that does not answer in time counts as failing; 503 names those that are not well.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { getHealth } from './get-health.ts'

export const health = new OpenAPIHono<ClientContext>()
health.openapiRoutes([getHealth])
