/** What every provider's route does once the sender, the event and its connections are known. */
import { BuildsError, v4Success, type WebhookResult } from '@workers-builds/contracts'
import { parseKeyring } from '@workers-builds/sealing'
import type { Context } from 'hono'
import { wakeScheduler } from '../bindings.ts'
import type { ClientContext } from '../context.ts'
import { fieldOfForm } from './body/form-payload.ts'
import { pruneJson, type Shape, TooMuch } from './body/prune-json.ts'
import { type Body, receiveBody } from './body/receive-body.ts'
import type { GitEvent } from './git-event.ts'
import { recordEvent } from './record-event.ts'

export type Received = {
  /** The provider's name of the event. */
  name: string
  event: GitEvent
  delivery_id: string
  body_sha256: Uint8Array
  installation_id: string | null
  repo_connection_uuids: string[]
}

/** GitHub sends at most 25 MB. */
const MAX_BODY_BYTES = 25 * 1024 * 1024

/** The body of a delivery. Throws body_too_large. */
export async function bodyOf(c: Context<ClientContext>): Promise<Body> {
  return await receiveBody(c.req.raw, { maxBytes: MAX_BODY_BYTES })
}

/** A refusal of a delivery whose body nobody needs: nothing of it is kept. Throws body_too_large. */
export async function unread(c: Context<ClientContext>, message: string): Promise<BuildsError> {
  await receiveBody(c.req.raw, { maxBytes: MAX_BODY_BYTES, isKept: false })
  return new BuildsError('not_found', message)
}

/** Records the event for each of its connections and returns the result. */
export async function receive(c: Context<ClientContext>, received: Received) {
  const { event, name, delivery_id, body_sha256, installation_id } = received
  const result: WebhookResult = {
    event: name,
    duplicate: false,
    build_uuids: [],
    ignored: null,
    decisions: [],
  }
  if (event.type === 'unrelated') {
    return c.json(v4Success({ ...result, ignored: event.reason }), 200)
  }
  const connections = received.repo_connection_uuids
  if (connections.length === 0)
    result.ignored = 'no account that has the installation is connected to this repository'
  for (const repo_connection_uuid of connections) {
    const delivery = { repo_connection_uuid, delivery_id, body_sha256, event: name }
    const outcome = await recordEvent(c.var.store, { delivery, event, installation_id })
    result.duplicate ||= outcome.duplicate
    if (!outcome.duplicate && outcome.build_uuids.length > 0) wakeScheduler(c)
    result.build_uuids.push(...outcome.build_uuids)
    result.decisions.push(...outcome.decisions)
    result.ignored = outcome.ignored
  }
  if (result.build_uuids.length > 0) result.ignored = null
  return c.json(v4Success(result), 200)
}

/** The secret with which the webhooks of a connection are signed. */
export async function openWebhookSecret(
  c: Context<ClientContext>,
  connection: { repo_connection_uuid: string; webhook_secret_sealed: string },
): Promise<string> {
  return await parseKeyring(c.env.WEBHOOK_KEYRING).open(connection.webhook_secret_sealed, {
    table: 'repo_connections',
    row: connection.repo_connection_uuid,
    column: 'webhook_secret_sealed',
  })
}

/** Throws invalid_request unless the event is of the connected repository. */
export function assertRepository(repo_id: string | null, connected: string): void {
  if (repo_id === null || repo_id === connected) return
  throw new BuildsError(
    'invalid_request',
    `This webhook is of repository ${repo_id}; the connection is to repository ${connected}.`,
  )
}

/** A required header, no longer than what is stored of it. */
export function requiredHeader(c: Context<ClientContext>, name: string): string {
  const value = c.req.header(name)
  if (value === undefined || value.length > 200) {
    throw new BuildsError('invalid_request', `The ${name} header is missing or too long.`)
  }
  return value
}

/**
 * What `shape` names of a JSON body, or of JSON in the `payload` field of a form, as GitHub can be
 * configured to send it. Throws invalid_request.
 */
export function parseJsonBody(contentType: string | undefined, body: Body, shape: Shape): unknown {
  const isForm = contentType?.startsWith('application/x-www-form-urlencoded') ?? false
  try {
    return pruneJson(isForm ? fieldOfForm(body, 'payload') : body, shape)
  } catch (error) {
    const why = error instanceof TooMuch ? error.message : 'it is not JSON'
    throw new BuildsError('invalid_request', `Invalid request body: ${why}.`)
  }
}
