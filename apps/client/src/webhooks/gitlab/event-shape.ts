/** What is read of GitLab's events. */
import { PUSHED_COMMITS } from '../git-event.ts'

export const GITLAB_EVENT = {
  object_kind: 'value',
  event_name: 'value',
  project_id: 'value',
  project: { id: 'value', path_with_namespace: 'value' },
  path_with_namespace: 'value',
  ref: 'value',
  before: 'value',
  after: 'value',
  user_username: 'value',
  user_name: 'value',
  commits: PUSHED_COMMITS,
  total_commits_count: 'value',
  push_options: { ci: { skip: 'value' } },
  object_attributes: {
    iid: 'value',
    action: 'value',
    source_branch: 'value',
    source_project_id: 'value',
    target_project_id: 'value',
    source: { path_with_namespace: 'value' },
  },
} as const
