/**
 * The call-backs of runners: a build's status, and lines of its log.
 *
 * This Worker only passes them on: build-management checks the build's own token and answers. The store
 * is not opened, so that a log goes on while the database cannot be reached.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { runnerCallback } from './runner-callback.ts'

export const callbacks = new OpenAPIHono<ClientContext>()
callbacks.openapiRoutes([runnerCallback])
