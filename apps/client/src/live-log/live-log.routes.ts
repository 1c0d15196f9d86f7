/**
 * The log of a running build, line by line over a WebSocket; the protocol is in docs/live-logs.md.
 *
 * A browser cannot send an authorization header with a WebSocket, so that the socket is opened with a
 * sealed ticket in its URL, good for one build and one minute. Both operations check by themselves who
 * calls: reading is enough for a ticket, and the socket needs nothing but the ticket. The socket itself
 * is the BuildBuddy's; this Worker passes it on.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { createLiveLogTicket } from './create-live-log-ticket.ts'
import { watchBuildLog } from './watch-build-log.ts'

export const liveLog = new OpenAPIHono<ClientContext>()
liveLog.openapiRoutes([createLiveLogTicket, watchBuildLog])
