import { WebhookResult } from '@workers-builds/contracts'
import type { Store } from '@workers-builds/store'
import { answers, operation } from '../../api/operation.ts'
import { sha256Of } from '../body/receive-body.ts'
import type { GitEvent } from '../git-event.ts'
import { bodyOf, parseJsonBody, receive, requiredHeader, unread } from '../receive.ts'
import { GITHUB_EVENT } from './event-shape.ts'
import { assertSignedByGitHub } from './github-signature.ts'
import { parseGitHubEvent, type Subject } from './parse-event.ts'

export const githubAppWebhook = operation(
  {
    method: 'post',
    path: '/github',
    operationId: 'receiveGitHubAppWebhook',
    summary: 'Receive webhooks of the GitHub App, of every repository that it is installed on',
    security: [],
    responses: answers(WebhookResult),
  },
  async (c) => {
    const secret = c.env.GITHUB_APP_WEBHOOK_SECRET
    if (secret === 'none') throw await unread(c, 'Not found: no GitHub App is configured here')
    const body = await bodyOf(c)
    assertSignedByGitHub({ header: c.req.header('x-hub-signature-256'), body, secret })

    const name = requiredHeader(c, 'x-github-event')
    const delivery_id = requiredHeader(c, 'x-github-delivery')
    const parsed = parseGitHubEvent(
      name,
      parseJsonBody(c.req.header('content-type'), body, GITHUB_EVENT),
    )
    return await receive(c, {
      name: parsed.name,
      event: parsed.event,
      delivery_id,
      body_sha256: sha256Of(body),
      installation_id: parsed.subject.installation_id,
      repo_connection_uuids: await findConnections(c.var.store, parsed),
    })
  },
)

/** The connections that the event is about, of the accounts that have the App's installation. */
async function findConnections(
  { repoConnections }: Store,
  { event, subject }: { event: GitEvent; subject: Subject },
): Promise<string[]> {
  const { repo_id, installation_id, installed_repo_ids, owner_id } = subject
  if (event.type === 'unrelated' || installation_id === null) return []
  return await repoConnections.selectUuidsByInstallation({
    installation_id,
    ...(event.type === 'owner_renamed'
      ? owner_id !== null && { owner_id }
      : repo_id !== null
        ? { repo_ids: [repo_id] }
        : { repo_ids: installed_repo_ids, whole: subject.isWholeInstallation }),
  })
}
