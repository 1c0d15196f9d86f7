import { ConnectedRepo, UpsertRepoConnection, v4Success } from '@workers-builds/contracts'
import { answers, jsonBody, operation } from '../api/operation.ts'
import { AccountPath } from '../api/parameters.ts'
import { newConnection } from './new-connection.ts'
import { repoConnectionView } from './repo-connection.view.ts'

export const upsertRepoConnection = operation(
  {
    method: 'put',
    path: '/repos/connections',
    operationId: 'upsertRepoConnection',
    summary: 'Connect a repository, or update the names of the one with the same ids',
    description:
      'A new connection is returned with a `webhook_secret`, this once: enter it and `webhook_url` at the Git provider.',
    request: { params: AccountPath, body: jsonBody(UpsertRepoConnection) },
    responses: answers(ConnectedRepo),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const repository = c.req.valid('json')
    const { webhook_secret, ...row } = await newConnection(c.env, { account_id, repository })
    const { connection, created } = await c.var.store.repoConnections.upsert(row)
    const view = repoConnectionView(connection, c.env)
    return c.json(v4Success(created ? { ...view, webhook_secret } : view), 200)
  },
)
