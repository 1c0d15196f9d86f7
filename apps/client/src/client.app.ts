/** The client Worker, the one public entry: REST API, Git webhooks, the runner's call-backs. */
import { OpenAPIHono } from '@hono/zod-openapi'
import { useWorkersLogger } from '@workers-builds/logging'
import { observeWorker } from '@workers-builds/observability'
import { requestId } from 'hono/request-id'
import { openApiDocument } from './api/openapi-document.ts'
import { limitFailedAuthentication } from './authentication/rate-limits.ts'
import { buildsApi } from './builds-api.routes.ts'
import { callbacks } from './callbacks/callbacks.routes.ts'
import type { ClientContext } from './context.ts'
import { deployHookCalls } from './deploy-hooks/deploy-hooks.routes.ts'
import { eventSubscriptions } from './event-subscriptions/event-subscriptions.routes.ts'
import { health } from './health/health.routes.ts'
import { mcp } from './mcp/mcp.routes.ts'
import { answerError } from './middleware/answer-error.ts'
import { answerNotFound } from './middleware/answer-not-found.ts'
import { limitConcurrency } from './middleware/limit-concurrency.ts'
import { refuseNul } from './middleware/refuse-nul.ts'
import { secureHeaders } from './middleware/secure-headers.ts'
import { tagLogs } from './middleware/tag-logs.ts'
import { withStore } from './middleware/with-store.ts'
import { platform } from './platform/platform.routes.ts'
import { session } from './session/session.routes.ts'
import { refuseInvalid } from './validation/refuse-invalid.ts'
import { webhooks } from './webhooks/webhooks.routes.ts'
import { workers } from './workers/workers.routes.ts'

export const app = new OpenAPIHono<ClientContext>({ defaultHook: refuseInvalid() })
app.onError(answerError)
app.notFound((c) => answerNotFound(c, app))
app.use(useWorkersLogger('client'), requestId(), secureHeaders, tagLogs)
app.use(refuseNul, limitFailedAuthentication)
app.route('/', callbacks)
app.openapiRoutes([openApiDocument(() => app)])
app.use(limitConcurrency, withStore)
app.route('/', health)
app.route('/webhooks', webhooks)
app.route('/client/v4/session', session)
app.route('/client/v4/workers/builds/deploy_hooks', deployHookCalls)
app.route('/client/v4/accounts/:account_id/builds', buildsApi)
app.route('/client/v4/accounts/:account_id/workers', workers)
app.route('/client/v4/accounts/:account_id/event_subscriptions', eventSubscriptions)
app.route('/internal', platform)
app.route(
  '/mcp',
  mcp(() => app),
)

export default observeWorker({ fetch: app.fetch } satisfies ExportedHandler<Env>)
