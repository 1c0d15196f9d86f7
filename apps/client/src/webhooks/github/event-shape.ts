/** What is read of GitHub's events. */
import { listOf } from '../body/prune-json.ts'
import { PUSHED_COMMIT, PUSHED_COMMITS } from '../git-event.ts'

/** More than fit into the largest body that GitHub sends: an organization may have 100,000. */
const MOST_REPOSITORIES = 200_000

const REPOSITORIES = listOf({ id: 'value' }, MOST_REPOSITORIES)

export const GITHUB_EVENT = {
  action: 'value',
  installation: { id: 'value' },
  repositories: REPOSITORIES,
  repositories_added: REPOSITORIES,
  repositories_removed: REPOSITORIES,
  account: { id: 'value', login: 'value' },
  sender: { login: 'value' },
  repository: {
    id: 'value',
    name: 'value',
    full_name: 'value',
    pushed_at: 'value',
    owner: { id: 'value', login: 'value' },
  },
  ref: 'value',
  before: 'value',
  after: 'value',
  deleted: 'value',
  forced: 'value',
  commits: PUSHED_COMMITS,
  head_commit: PUSHED_COMMIT,
  number: 'value',
  pull_request: {
    head: { ref: 'value', repo: { id: 'value', full_name: 'value' } },
    base: { repo: { id: 'value' } },
  },
  check_run: { external_id: 'value', head_sha: 'value' },
  check_suite: { head_sha: 'value' },
} as const
