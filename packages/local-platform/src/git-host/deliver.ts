import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { v4Envelope, WebhookResult } from '@workers-builds/contracts'
import { z } from 'zod'
import type { WebhookSettings } from './webhook-settings.ts'

/** How long a server that is still starting is waited for. GitHub itself does not try again. */
const PATIENCE_MS = 15_000
const PAUSE_MS = 500

/** What came of a delivery: the builds that it made, or why there are none. */
export type Delivery = { build_uuids: string[] } | { reason: string }

const Accepted = v4Envelope(WebhookResult)
const Refused = z.object({ errors: z.array(z.object({ message: z.string() })) })

/** The headers that GitHub sends with `body`. */
export function webhookHeaders({
  event,
  body,
  settings,
}: {
  event: string
  body: string
  settings: WebhookSettings
}): Record<string, string> {
  const sign = (hash: string) =>
    `${hash}=${createHmac(hash, settings.webhook_secret).update(body).digest('hex')}`
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/workers-builds',
    'x-github-delivery': randomUUID(),
    'x-github-event': event,
    'x-github-hook-id': String(settings.hook_id),
    'x-github-hook-installation-target-id': String(settings.repository.id),
    'x-github-hook-installation-target-type': 'repository',
    'x-hub-signature': sign('sha1'),
    'x-hub-signature-256': sign('sha256'),
  }
}

/**
 * Posts one webhook to the stack. `findUrl` is asked again before every try, since a stack that
 * starts may serve elsewhere than the last one did.
 */
export async function deliverWebhook({
  event,
  body,
  settings,
  findUrl,
  patienceMs = PATIENCE_MS,
}: {
  event: string
  body: string
  settings: WebhookSettings
  findUrl: () => Promise<string | undefined>
  patienceMs?: number
}): Promise<Delivery> {
  const headers = webhookHeaders({ event, body, settings })
  const deadline = Date.now() + patienceMs
  for (;;) {
    const answer = await post(await findUrl(), { headers, body, settings })
    if (!answer.isTransient || Date.now() > deadline) return answer.delivery
    await delay(PAUSE_MS)
  }
}

async function post(
  url: string | undefined,
  {
    headers,
    body,
    settings,
  }: { headers: Record<string, string>; body: string; settings: WebhookSettings },
): Promise<{ delivery: Delivery; isTransient: boolean }> {
  if (url === undefined)
    return { delivery: { reason: 'the stack is not running' }, isTransient: true }
  try {
    const response = await fetch(`${url}/webhooks/github/${settings.repo_connection_uuid}`, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(10_000),
    })
    const answer = await response.text()
    return { delivery: readAnswer(response.status, answer), isTransient: response.status >= 500 }
  } catch (error) {
    const reason = `${url} does not answer (${describe(error)})`
    return { delivery: { reason }, isTransient: true }
  }
}

function readAnswer(status: number, text: string): Delivery {
  const json = parseJson(text)
  const accepted = Accepted.safeParse(json).data?.result
  if (accepted !== undefined) {
    if (accepted.build_uuids.length > 0) return { build_uuids: accepted.build_uuids }
    return { reason: accepted.ignored ?? 'nothing to build' }
  }
  const message = Refused.safeParse(json).data?.errors[0]?.message ?? text.slice(0, 200)
  return { reason: `webhook answered with ${status}: ${message}` }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // an answer that is no JSON is shown as it is
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
