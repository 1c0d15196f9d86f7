import { WebhookResult } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../../api/operation.ts'
import {
  assertRepository,
  bodyOf,
  openWebhookSecret,
  parseJsonBody,
  receive,
  unread,
} from '../receive.ts'
import { GITLAB_EVENT } from './event-shape.ts'
import { assertFromGitLab } from './gitlab-signature.ts'
import { parseGitLabEvent } from './parse-event.ts'

export const gitlabWebhook = operation(
  {
    method: 'post',
    path: '/gitlab/{repo_connection_uuid}',
    operationId: 'receiveGitLabWebhook',
    summary: 'Receive GitLab webhooks of one repository connection, with its token or signature',
    security: [],
    request: { params: z.object({ repo_connection_uuid: z.uuid() }) },
    responses: answers(WebhookResult),
  },
  async (c) => {
    const { repo_connection_uuid } = c.req.valid('param')
    const connection = await c.var.store.repoConnections.selectWebhookSecret(repo_connection_uuid)
    if (!connection?.provider_type.startsWith('gitlab')) {
      throw await unread(c, `Not found: GitLab connection ${repo_connection_uuid}`)
    }
    const secret = await openWebhookSecret(c, { repo_connection_uuid, ...connection })
    const body = await bodyOf(c)
    const headers = {
      token: c.req.header('x-gitlab-token'),
      id: c.req.header('webhook-id'),
      timestamp: c.req.header('webhook-timestamp'),
      signature: c.req.header('webhook-signature'),
    }
    await assertFromGitLab({ headers, body, secret, now: new Date() })

    const { name, event, repo_id } = parseGitLabEvent(parseJsonBody(undefined, body, GITLAB_EVENT))
    assertRepository(repo_id, connection.repo_id)
    // The same in a hook that is tried again; older GitLabs send the second only, or none.
    const delivery_id = (
      headers.id ??
      c.req.header('idempotency-key') ??
      c.req.header('x-gitlab-event-uuid') ??
      crypto.randomUUID()
    ).slice(0, 200)
    // Its body has no time: pushing back and forth makes the same body twice, and both count.
    const identity = new TextEncoder().encode(`${repo_connection_uuid}|${delivery_id}`)
    return await receive(c, {
      name,
      event,
      delivery_id,
      body_sha256: new Uint8Array(await crypto.subtle.digest('SHA-256', identity)),
      installation_id: null,
      repo_connection_uuids: [repo_connection_uuid],
    })
  },
)
