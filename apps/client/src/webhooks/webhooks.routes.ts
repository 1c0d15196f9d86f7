/** `/webhooks`: what Git providers tell us. */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { limitBody } from '../middleware/limit-body.ts'
import { githubWebhook } from './github/github.ts'
import { githubAppWebhook } from './github/github-app.ts'
import { gitlabWebhook } from './gitlab/gitlab.ts'

/** GitHub sends at most 25 MB. */
const MAX_BODY_BYTES = 25 * 1024 * 1024

export const webhooks = new OpenAPIHono<ClientContext>()
webhooks.use(limitBody(MAX_BODY_BYTES))
webhooks.openapiRoutes([githubWebhook, githubAppWebhook, gitlabWebhook])
