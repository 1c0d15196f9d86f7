import { WebhookResult } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../../api/operation.ts'
import { sha256Of } from '../body/receive-body.ts'
import {
  assertRepository,
  bodyOf,
  openWebhookSecret,
  parseJsonBody,
  receive,
  requiredHeader,
  unread,
} from '../receive.ts'
import { GITHUB_EVENT } from './event-shape.ts'
import { assertSignedByGitHub } from './github-signature.ts'
import { parseGitHubEvent } from './parse-event.ts'

export const githubWebhook = operation(
  {
    method: 'post',
    path: '/github/{repo_connection_uuid}',
    operationId: 'receiveGitHubWebhook',
    summary: 'Receive GitHub webhooks of one repository connection, signed with its secret',
    security: [],
    request: { params: z.object({ repo_connection_uuid: z.uuid() }) },
    responses: answers(WebhookResult),
  },
  async (c) => {
    const { repo_connection_uuid } = c.req.valid('param')
    const connection = await c.var.store.repoConnections.selectWebhookSecret(repo_connection_uuid)
    if (connection?.provider_type !== 'github') {
      throw await unread(c, `Not found: GitHub connection ${repo_connection_uuid}`)
    }
    const secret = await openWebhookSecret(c, { repo_connection_uuid, ...connection })
    const body = await bodyOf(c)
    assertSignedByGitHub({ header: c.req.header('x-hub-signature-256'), body, secret })

    const name = requiredHeader(c, 'x-github-event')
    const delivery_id = requiredHeader(c, 'x-github-delivery')
    const parsed = parseGitHubEvent(
      name,
      parseJsonBody(c.req.header('content-type'), body, GITHUB_EVENT),
    )
    assertRepository(parsed.subject.repo_id, connection.repo_id)
    return await receive(c, {
      name: parsed.name,
      event: parsed.event,
      delivery_id,
      body_sha256: sha256Of(body),
      // A hook of the repository itself comes through no installation.
      installation_id: null,
      repo_connection_uuids: [repo_connection_uuid],
    })
  },
)
