import type { ConnectedRepo } from '@workers-builds/contracts'
import type { RepoConnectionRow } from '@workers-builds/store'
import { withIsoDates } from '../api/iso-dates.ts'

const WEBHOOKS = { github: 'github', gitlab: 'gitlab', gitlab_internal: 'gitlab', origin: null }

/** A connection as the API shows it. */
export function repoConnectionView(
  row: RepoConnectionRow,
  { PUBLIC_URL }: Pick<Env, 'PUBLIC_URL'>,
): ConnectedRepo {
  const webhooks = WEBHOOKS[row.provider_type]
  const path = `/webhooks/${webhooks}/${row.repo_connection_uuid}`
  return { ...withIsoDates(row), webhook_url: webhooks && new URL(path, PUBLIC_URL).href }
}
