/**
 * The repositories of an account: connections, access to GitLab, webhook deliveries, and what a
 * repository's files suggest for a new Worker.
 *
 * A connection is keyed by the provider's ids, so that a renamed repository stays the same connection.
 * The secret of its webhook is returned once, when it is made. Deleting a connection deletes its
 * triggers and cancels their builds. Only what reads the repository itself calls build-management, and
 * answers 503 while the Git provider is away.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { createGitGrant } from './create-git-grant.ts'
import { deleteRepoConnection } from './delete-repo-connection.ts'
import { getConfigAutofill } from './get-config-autofill.ts'
import { listRepoConnections } from './list-repo-connections.ts'
import { listWebhookDeliveries } from './list-webhook-deliveries.ts'
import { upsertRepoConnection } from './upsert-repo-connection.ts'

export const repositories = new OpenAPIHono<ClientContext>()
repositories.openapiRoutes([
  upsertRepoConnection,
  listRepoConnections,
  deleteRepoConnection,
  listWebhookDeliveries,
  getConfigAutofill,
  createGitGrant,
])
