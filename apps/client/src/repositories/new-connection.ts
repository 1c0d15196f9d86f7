import type { UpsertRepoConnection } from '@workers-builds/contracts'
import { parseKeyring } from '@workers-builds/sealing'

const WEBHOOK_SECRET_BYTES = 32

/** A connection to be stored, with its own webhook secret, sealed and in clear. */
export async function newConnection(
  env: Pick<Env, 'WEBHOOK_KEYRING'>,
  { account_id, repository }: { account_id: string; repository: UpsertRepoConnection },
) {
  const repo_connection_uuid = crypto.randomUUID()
  const webhook_secret = createWebhookSecret()
  const webhook_secret_sealed = await parseKeyring(env.WEBHOOK_KEYRING).seal(webhook_secret, {
    table: 'repo_connections',
    row: repo_connection_uuid,
    column: 'webhook_secret_sealed',
  })
  return { ...repository, account_id, repo_connection_uuid, webhook_secret_sealed, webhook_secret }
}

/** In the form of GitLab's signing tokens, which works as any other secret too. */
function createWebhookSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(WEBHOOK_SECRET_BYTES))
  return `whsec_${Buffer.from(bytes).toString('base64')}`
}
