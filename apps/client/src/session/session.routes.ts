/**
 * Sign-ins of the web page, which uses nothing but the public API: with an API token that becomes a
 * cookie (`session-cookie.ts`), or behind Cloudflare Access without one.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import { requireSameOrigin } from '../authentication/authenticate.ts'
import type { ClientContext } from '../context.ts'
import { limitBody } from '../middleware/limit-body.ts'
import { readJson } from '../middleware/read-json.ts'
import { createSession } from './create-session.ts'
import { deleteSession } from './delete-session.ts'
import { getSession } from './get-session.ts'

const MAX_BODY_BYTES = 10_000

export const session = new OpenAPIHono<ClientContext>()
session.use(limitBody(MAX_BODY_BYTES), requireSameOrigin, readJson)
session.openapiRoutes([createSession, getSession, deleteSession])
