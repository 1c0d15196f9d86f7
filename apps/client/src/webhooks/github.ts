import { BuildsError, v4Success, WebhookResult } from '@workers-builds/contracts'
import { errorFields, logger } from '@workers-builds/logging'
import { parseKeyring } from '@workers-builds/sealing'
import type { Context } from 'hono'
import { z } from 'zod'
import { buildManagement } from '../bindings.ts'
import type { ClientContext } from '../context.ts'
import { answers, operation } from '../openapi/operation.ts'
import { type Push, parsePush } from './github-push.ts'
import { isSignedByGitHub } from './github-signature.ts'
import { queueBuilds } from './queue-builds.ts'

export const githubWebhook = operation(
  {
    method: 'post',
    path: '/github/{repo_connection_uuid}',
    operationId: 'receiveGitHubWebhook',
    summary: "GitHub's webhooks of one repository connection, signed with its secret",
    security: [],
    request: { params: z.object({ repo_connection_uuid: z.uuid() }) },
    responses: answers(WebhookResult),
  },
  async (c) => {
    const { repo_connection_uuid } = c.req.valid('param')
    const body = await c.req.arrayBuffer()
    const connection = await verifiedConnection(c, { repo_connection_uuid, body })

    const event = requiredHeader(c, 'x-github-event')
    const delivery_id = requiredHeader(c, 'x-github-delivery')
    const answer = (result: Partial<WebhookResult>) =>
      c.json(v4Success({ event, duplicate: false, build_uuids: [], ignored: null, ...result }), 200)

    if (event === 'ping') return answer({ ignored: 'ping' })
    if (event !== 'push') return answer({ ignored: `event ${event} starts no build` })
    const parsed = parsePush(parseBody(c.req.header('content-type'), body))
    if ('ignored' in parsed) return answer(parsed)
    assertRepository(parsed.push, connection.repo_id)

    const body_sha256 = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
    const queued = await queueBuilds(c.var.store, {
      delivery: { repo_connection_uuid, delivery_id, body_sha256, event },
      push: parsed.push,
    })
    if (queued.build_uuids.length > 0 && !queued.duplicate) {
      // The cron and the next tick find the build as well; this only makes it sooner.
      const woken = buildManagement(c.env).wakeScheduler()
      c.executionCtx.waitUntil(
        woken.catch((error: unknown) =>
          logger.withFields(errorFields(error)).warn('Scheduler was not woken'),
        ),
      )
    }
    return answer(queued)
  },
)

/** The connection that the path names, once its secret has been seen to have signed the body. */
async function verifiedConnection(
  c: Context<ClientContext>,
  { repo_connection_uuid, body }: { repo_connection_uuid: string; body: ArrayBuffer },
) {
  const connection = await c.var.store.repoConnections.selectWebhookSecret(repo_connection_uuid)
  if (connection === undefined || connection.provider_type !== 'github') {
    throw new BuildsError('not_found', `Not found: GitHub connection ${repo_connection_uuid}`)
  }
  const header = c.req.header('x-hub-signature-256')
  if (header === undefined) {
    throw new BuildsError('missing_token', 'The X-Hub-Signature-256 header is missing.')
  }
  const secret = await parseKeyring(c.env.WEBHOOK_KEYRING).open(connection.webhook_secret_sealed, {
    table: 'repo_connections',
    row: repo_connection_uuid,
    column: 'webhook_secret_sealed',
  })
  if (!(await isSignedByGitHub({ header, body, secret }))) {
    throw new BuildsError(
      'invalid_token',
      "X-Hub-Signature-256 does not fit the body: check the webhook's secret.",
    )
  }
  return connection
}

function requiredHeader(c: Context<ClientContext>, name: string): string {
  const value = c.req.header(name)
  if (value === undefined || value.length > 200) {
    throw new BuildsError('invalid_request', `The ${name} header is missing or too long.`)
  }
  return value
}

/** GitHub sends JSON, or JSON in the `payload` field of a form. */
function parseBody(contentType: string | undefined, body: ArrayBuffer): unknown {
  const text = new TextDecoder().decode(body)
  const isForm = contentType?.startsWith('application/x-www-form-urlencoded') ?? false
  try {
    return JSON.parse(isForm ? (new URLSearchParams(text).get('payload') ?? '') : text)
  } catch {
    throw new BuildsError('invalid_request', 'Invalid request body: it is no JSON.')
  }
}

function assertRepository(push: Push, repo_id: string): void {
  if (push.repo_id === repo_id) return
  throw new BuildsError(
    'invalid_request',
    `This push is of repository ${push.repo_id}; the connection is to repository ${repo_id}.`,
  )
}
