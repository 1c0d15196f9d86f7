/**
 * `/webhooks`: the events that Git providers send.
 *
 * `github/` and `gitlab/` check the signature and parse the body into one neutral event
 * (`git-event.ts`); `rules/` decides, purely, what becomes of a push; `record-event.ts` writes it in the
 * transaction that records the delivery. A delivery is keyed by the provider's id and by its body, so
 * that one that comes again changes nothing. A wrong signature is a 401, a body that cannot be read a
 * 400; what starts no build is a 200 that says why.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { githubWebhook } from './github/github.ts'
import { githubAppWebhook } from './github/github-app.ts'
import { gitlabWebhook } from './gitlab/gitlab.ts'

export const webhooks = new OpenAPIHono<ClientContext>()
webhooks.openapiRoutes([githubWebhook, githubAppWebhook, gitlabWebhook])
