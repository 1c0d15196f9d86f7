/** `/webhooks`: what Git providers tell us. */
import { Hono } from 'hono'
import type { ClientContext } from '../context.ts'
import { limitBody } from '../middleware/request-body.ts'
import { githubWebhook } from './github.ts'

/** GitHub sends at most 25 MB. */
const MAX_BODY_BYTES = 25 * 1024 * 1024

export const webhooks = new Hono<ClientContext>().post(
  '/github/:repo_connection_uuid',
  limitBody(MAX_BODY_BYTES),
  githubWebhook,
)
