import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { v4Envelope, WebhookResult } from '@workers-builds/contracts'

/**
 * Sends the webhook of a push to a branch of its own; answers its build, and when the webhook was
 * sent (ms since the epoch).
 */
export async function push({
  url,
  repo_connection_uuid,
  repo_id,
  commit_hash,
  webhook_secret,
}: {
  url: string
  repo_connection_uuid: string
  repo_id: number
  commit_hash: string
  webhook_secret: string
}): Promise<{ build_uuid: string; sent_on: number }> {
  const body = JSON.stringify({
    ref: `refs/heads/bench-${randomBytes(6).toString('hex')}`,
    before: '0'.repeat(40),
    after: commit_hash,
    created: true,
    deleted: false,
    forced: false,
    head_commit: { id: commit_hash, message: 'Begin', author: { name: 'Bench' } },
    commits: [],
    repository: {
      id: repo_id,
      full_name: 'bench/bench-worker',
      pushed_at: (Date.now() / 1_000) | 0,
    },
    sender: { login: 'bench' },
  })
  const sent_on = Date.now()
  const response = await fetch(`${url}/webhooks/github/${repo_connection_uuid}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', webhook_secret).update(body).digest('hex')}`,
    },
  })
  const answer: unknown = await response.json()
  if (!response.ok) throw new Error(`${response.status}: ${JSON.stringify(answer)}`)
  const [build_uuid] = v4Envelope(WebhookResult).parse(answer).result.build_uuids
  if (build_uuid === undefined) throw new Error(`no build: ${JSON.stringify(answer)}`)
  return { build_uuid, sent_on }
}
