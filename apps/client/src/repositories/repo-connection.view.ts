import type { ConnectedRepo } from '@workers-builds/contracts'
import type { RepoConnectionRow } from '@workers-builds/store'
import { withIsoDates } from '../api/iso-dates.ts'

const WEBHOOKS = { github: 'github', gitlab: 'gitlab', gitlab_internal: 'gitlab', origin: null }

/** A connection as the API shows it; `url` is that of the request. */
export function repoConnectionView(
  row: RepoConnectionRow,
  { url }: { url: string },
): ConnectedRepo {
  const webhooks = WEBHOOKS[row.provider_type]
  const path = `/webhooks/${webhooks}/${row.repo_connection_uuid}`
  return { ...withIsoDates(row), webhook_url: webhooks && new URL(path, url).href }
}
