/**
 * `/client/v4/accounts/{account_id}/event_subscriptions`: queues and webhooks to which the events of
 * an account's builds are sent.
 *
 * Keyed by subscription. The secret that signs a webhook is returned once, when it is made. Events
 * are written by triggers of the database and sent by build-management; here they are only listed and
 * queued again.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import { authenticate, authorizeAccount } from '../authentication/authenticate.ts'
import type { ClientContext } from '../context.ts'
import { limitBody } from '../middleware/limit-body.ts'
import { readJson } from '../middleware/read-json.ts'
import { createSubscription } from './create-subscription.ts'
import { deleteSubscription } from './delete-subscription.ts'
import { getSubscription } from './get-subscription.ts'
import { listDeliveries } from './list-deliveries.ts'
import { listSubscriptions } from './list-subscriptions.ts'
import { redeliver } from './redeliver.ts'
import { testSubscription } from './test-subscription.ts'
import { updateSubscription } from './update-subscription.ts'

const MAX_BODY_BYTES = 64 * 1024

export const eventSubscriptions = new OpenAPIHono<ClientContext>()
eventSubscriptions.use(limitBody(MAX_BODY_BYTES), authenticate, authorizeAccount, readJson)
eventSubscriptions.openapiRoutes([
  listSubscriptions,
  createSubscription,
  getSubscription,
  updateSubscription,
  deleteSubscription,
  testSubscription,
  listDeliveries,
  redeliver,
])
