/** The client Worker, the one public door: REST API, Git webhooks, the runner's call-backs. */
import { BuildsError } from '@workers-builds/contracts'
import { useWorkersLogger } from '@workers-builds/logging'
import { Hono } from 'hono'
import { requestId } from 'hono/request-id'
import { builds } from './builds/builds.routes.ts'
import type { ClientContext } from './context.ts'
import { internal } from './internal/internal.routes.ts'
import { answerError } from './middleware/answer-error.ts'
import { tagLogs } from './middleware/tag-logs.ts'
import { withStore } from './middleware/with-store.ts'
import { webhooks } from './webhooks/webhooks.routes.ts'

const app = new Hono<ClientContext>()
  .use(useWorkersLogger('client'))
  .use(requestId())
  .use(tagLogs)
  .onError(answerError)
  .notFound((c) => {
    throw new BuildsError('not_found', `There is no ${c.req.method} ${c.req.path} here.`)
  })
  // The runner's call-backs are build-management's; this Worker only lets them in.
  .post('/api/builds/:build_uuid/:callback', (c) => c.env.BUILD_MANAGEMENT.fetch(c.req.raw))
  .use(withStore)
  .route('/webhooks', webhooks)
  .route('/client/v4/accounts/:account_id/builds', builds)
  .route('/internal', internal)

export default app satisfies ExportedHandler<Env>
