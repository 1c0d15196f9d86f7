import { ConnectedRepo, UpsertRepoConnection, v4Success } from '@workers-builds/contracts'
import { parseKeyring } from '@workers-builds/sealing'
import { answers, jsonBody, operation } from '../openapi/operation.ts'
import { AccountPath } from '../openapi/parameters.ts'
import { repoConnectionView } from './repo-connection.view.ts'

const WEBHOOK_SECRET_BYTES = 32

export const upsertRepoConnection = operation(
  {
    method: 'put',
    path: '/repos/connections',
    operationId: 'upsertRepoConnection',
    summary: 'Connects a repository, or renames the one with the same ids',
    description:
      'A new connection is answered with a `webhook_secret`, told this once: give it and `webhook_url` to the Git provider.',
    request: { params: AccountPath, body: jsonBody(UpsertRepoConnection) },
    responses: answers(ConnectedRepo),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const repository = c.req.valid('json')
    const repo_connection_uuid = crypto.randomUUID()
    const webhook_secret = createWebhookSecret()
    const webhook_secret_sealed = await parseKeyring(c.env.WEBHOOK_KEYRING).seal(webhook_secret, {
      table: 'repo_connections',
      row: repo_connection_uuid,
      column: 'webhook_secret_sealed',
    })
    const { connection, created } = await c.var.store.repoConnectionSettings.upsert({
      ...repository,
      account_id,
      repo_connection_uuid,
      webhook_secret_sealed,
    })
    const view = repoConnectionView(connection, c.req)
    return c.json(v4Success(created ? { ...view, webhook_secret } : view), 200)
  },
)

/** In the form of GitLab's signing tokens, which does as any other secret as well. */
function createWebhookSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(WEBHOOK_SECRET_BYTES))
  return `whsec_${Buffer.from(bytes).toString('base64')}`
}
