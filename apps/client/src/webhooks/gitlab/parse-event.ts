/** GitLab's events, of a project's, a group's or the instance's own hooks. */
import { CommitHash } from '@workers-builds/contracts'
import { z } from 'zod'
import {
  branchOf,
  changesOf,
  type GitEvent,
  GitRef,
  isNoCommit,
  longListOf,
  NameText,
  NO_ITEMS,
  namesIn,
  ProviderId,
  PushedCommit,
  parseEvent,
  textsOf,
} from '../git-event.ts'

const About = z.object({
  object_kind: NameText.optional(),
  event_name: NameText.optional(),
  project_id: ProviderId.optional(),
  project: z.object({ id: ProviderId.optional() }).nullish(),
})

const PushEvent = z.object({
  project: z.object({ path_with_namespace: NameText.optional() }).nullish(),
  ref: GitRef,
  before: CommitHash,
  after: CommitHash,
  user_username: NameText.nullish(),
  user_name: NameText.nullish(),
  /** The newest 20. */
  commits: longListOf(PushedCommit).default(NO_ITEMS),
  total_commits_count: z.int().nonnegative().optional(),
  push_options: z
    .object({ ci: z.object({ skip: z.union([z.boolean(), z.string()]).optional() }).optional() })
    .nullish(),
})

const MergeRequestEvent = z.object({
  object_attributes: z.object({
    iid: z.int(),
    action: z.string().optional(),
    source_branch: GitRef,
    source_project_id: ProviderId,
    target_project_id: ProviderId,
    source: z.object({ path_with_namespace: NameText.optional() }).nullish(),
  }),
})

const ProjectEvent = z.object({ path_with_namespace: NameText.pipe(z.string().regex(/.\/./)) })

/**
 * The event of a hook, of which `body` is what `GITLAB_EVENT` names, and its project. Throws
 * invalid_request when the body is not one.
 */
export function parseGitLabEvent(body: unknown): {
  name: string
  event: GitEvent
  repo_id: string | null
} {
  const about = parseEvent('GitLab', About, body)
  const name = about.object_kind ?? about.event_name ?? 'unknown'
  return {
    name,
    event: gitEvent(name, body),
    repo_id: about.project_id ?? about.project?.id ?? null,
  }
}

function gitEvent(name: string, body: unknown): GitEvent {
  switch (name) {
    case 'push':
      return push(parseEvent(name, PushEvent, body))
    case 'tag_push':
      return none('a tag is not a branch')
    case 'merge_request':
      return mergeRequest(parseEvent(name, MergeRequestEvent, body))
    case 'project_rename':
    case 'project_transfer': {
      const { path_with_namespace } = parseEvent(name, ProjectEvent, body)
      const names = namesIn(path_with_namespace)
      if (names === null) return none(`${path_with_namespace} has no owner`)
      return { type: 'repository_moved', provider_account_id: null, ...names }
    }
    case 'project_destroy':
      return { type: 'access_lost', disconnect_reason: 'repository_deleted' }
    default:
      return unrelated(`event ${name} starts no build`)
  }
}

function push(event: z.infer<typeof PushEvent>): GitEvent {
  const branch = branchOf(event.ref)
  if (branch === undefined) return none(`${event.ref} is not a branch`)
  if (isNoCommit(event.after)) {
    return { type: 'branch_deleted', branch, commit_hash: event.before, deleted_on: null }
  }
  const path = event.project?.path_with_namespace
  const head = event.commits.items.find((commit) => commit.id === event.after)
  return {
    type: 'push',
    repository: path === undefined ? null : namesIn(path),
    push: {
      branch,
      commit_hash: event.after,
      push_before: event.before,
      pushed_on: null,
      ...textsOf(head?.message, head?.author.name, event.user_username ?? event.user_name),
      commit_count: event.total_commits_count ?? event.commits.count,
      ...changesOf(event.commits),
      // GitLab sends no such field.
      forced: false,
      skip_asked: event.push_options?.ci?.skip !== undefined,
    },
  }
}

/** As at GitHub: the branch is built by its pushes, and a fork is not built. */
function mergeRequest({ object_attributes: request }: z.infer<typeof MergeRequestEvent>): GitEvent {
  const { iid, source_branch, source_project_id, target_project_id, source } = request
  if (source_project_id === target_project_id) {
    return none(`merge request !${iid}: the pushes to its branch ${source_branch} are built`)
  }
  const fork = source?.path_with_namespace ?? `project ${source_project_id}`
  return none(`merge request !${iid} is from ${fork}: forks are not built, so as to see no secret`)
}

function none(reason: string): GitEvent {
  return { type: 'none', reason }
}

function unrelated(reason: string): GitEvent {
  return { type: 'unrelated', reason }
}
