/** GitHub's events, as far as builds depend on them. */
import { BuildsError, CommitHash } from '@workers-builds/contracts'
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

/** What an event is about: a repository, an installation of the App, or an owner of repositories. */
export type Subject = {
  repo_id: string | null
  /** The installation through which it comes. */
  installation_id: string | null
  /** The repositories that the installation gained or lost, as far as the event lists them. */
  installed_repo_ids: string[]
  /** Whether it is about everything read through the installation. */
  isWholeInstallation: boolean
  owner_id: string | null
}

const About = z.object({
  action: NameText.optional(),
  repository: z.object({ id: ProviderId }).nullish(),
  installation: z.object({ id: ProviderId }).nullish(),
  repositories: longListOf(z.object({ id: ProviderId })).nullish(),
  repositories_added: longListOf(z.object({ id: ProviderId })).nullish(),
  repositories_removed: longListOf(z.object({ id: ProviderId })).nullish(),
  account: z.object({ id: ProviderId }).nullish(),
})

/** Later ones are written otherwise, which Postgres does not read. */
const LAST_TIME = new Date('9999-12-31T00:00:00Z')

/** Names of events; what every object has, such as `constructor`, is none. */
const EventName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/)
  .refine((name) => !(name in {}))

const PushEvent = z.object({
  ref: GitRef,
  before: CommitHash,
  after: CommitHash,
  deleted: z.boolean(),
  forced: z.boolean().default(false),
  commits: longListOf(PushedCommit).default(NO_ITEMS),
  head_commit: PushedCommit.nullable(),
  repository: z.object({
    /** `owner/name` */
    full_name: NameText.optional(),
    /** Seconds since the epoch in push events, an ISO date elsewhere. */
    pushed_at: z
      .union([z.int().transform((s) => s * 1_000), z.iso.datetime({ offset: true })])
      .transform((time) => new Date(time))
      .refine((time) => time >= new Date(0) && time < LAST_TIME, 'expected a time since 1970')
      .optional(),
  }),
  sender: z.object({ login: NameText }).optional(),
})

const PullRequestEvent = z.object({
  number: z.int(),
  pull_request: z.object({
    head: z.object({
      ref: GitRef,
      repo: z.object({ id: ProviderId, full_name: NameText }).nullable(),
    }),
    base: z.object({ repo: z.object({ id: ProviderId }) }),
  }),
})

const CheckRunEvent = z.object({
  check_run: z.object({ external_id: z.string().nullish(), head_sha: CommitHash }),
})
const CheckSuiteEvent = z.object({ check_suite: z.object({ head_sha: CommitHash }) })

const RepositoryEvent = z.object({
  repository: z.object({ name: NameText, owner: z.object({ id: ProviderId, login: NameText }) }),
})
const InstallationTargetEvent = z.object({ account: z.object({ login: NameText }) })

/**
 * The event `name`, of which `body` is what `GITHUB_EVENT` names, and what it is about. Throws
 * invalid_request when the body is not one.
 */
export function parseGitHubEvent(
  name: string,
  body: unknown,
): { name: string; event: GitEvent; subject: Subject } {
  if (!EventName.safeParse(name).success) {
    throw new BuildsError('invalid_request', 'The X-GitHub-Event header names no event of GitHub.')
  }
  const about = parseEvent(name, About, body)
  const full = about.action === undefined ? name : `${name}.${about.action}`
  const listed = listedRepositories(full, about)
  return {
    name: full.slice(0, 200),
    event: gitEvent(full, body),
    subject: {
      repo_id: about.repository?.id ?? null,
      installation_id: about.installation?.id ?? null,
      installed_repo_ids: listed?.items.map(({ id }) => id) ?? [],
      isWholeInstallation: name === 'installation',
      owner_id: about.account?.id ?? null,
    },
  }
}

function listedRepositories(name: string, about: z.infer<typeof About>) {
  if (name === 'installation_repositories.added') return about.repositories_added
  if (name === 'installation_repositories.removed') return about.repositories_removed
  return /^installation(?:\.|$)/.test(name) ? about.repositories : undefined
}

function gitEvent(name: string, body: unknown): GitEvent {
  switch (name) {
    case 'push':
      return push(parseEvent(name, PushEvent, body))
    case 'pull_request.opened':
    case 'pull_request.reopened':
    case 'pull_request.synchronize':
      return pullRequest(parseEvent(name, PullRequestEvent, body))
    case 'check_run.rerequested': {
      const { external_id, head_sha } = parseEvent(name, CheckRunEvent, body).check_run
      const build_uuid = z.uuid().safeParse(external_id).data
      if (build_uuid === undefined) return none('the check run belongs to no build of this system')
      return { type: 'rerun', build_uuid, commit_hash: head_sha }
    }
    case 'check_suite.rerequested': {
      const { head_sha } = parseEvent(name, CheckSuiteEvent, body).check_suite
      return { type: 'rerun', build_uuid: null, commit_hash: head_sha }
    }
    case 'repository.renamed':
    case 'repository.transferred': {
      const { repository } = parseEvent(name, RepositoryEvent, body)
      return {
        type: 'repository_moved',
        provider_account_id: repository.owner.id,
        provider_account_name: repository.owner.login,
        repo_name: repository.name,
      }
    }
    case 'repository.deleted':
      return { type: 'access_lost', disconnect_reason: 'repository_deleted' }
    case 'installation.deleted':
      return { type: 'access_lost', disconnect_reason: 'installation_deleted' }
    case 'installation.suspend':
      return { type: 'access_lost', disconnect_reason: 'installation_suspended' }
    case 'installation_repositories.removed':
      return { type: 'access_lost', disconnect_reason: 'repository_removed' }
    case 'installation.unsuspend':
      return { type: 'access_given', after: ['installation_suspended'] }
    case 'installation.created':
    case 'installation_repositories.added':
      return { type: 'access_given', after: ['installation_deleted', 'repository_removed'] }
    case 'installation_target.renamed': {
      const { account } = parseEvent(name, InstallationTargetEvent, body)
      return { type: 'owner_renamed', provider_account_name: account.login }
    }
    case 'ping':
      return unrelated('ping')
    case 'delete':
      return unrelated('a deleted branch is reported by its push event')
    default:
      return unrelated(`event ${name} starts no build`)
  }
}

function push(event: z.infer<typeof PushEvent>): GitEvent {
  const branch = branchOf(event.ref)
  if (branch === undefined) return none(`${event.ref} is not a branch`)
  const { pushed_at, full_name } = event.repository
  const pushed_on = pushed_at ?? null
  if (event.deleted || isNoCommit(event.after)) {
    return { type: 'branch_deleted', branch, commit_hash: event.before, deleted_on: pushed_on }
  }
  const author = event.head_commit?.author
  return {
    type: 'push',
    repository: full_name === undefined ? null : namesIn(full_name),
    push: {
      branch,
      commit_hash: event.after,
      push_before: event.before,
      pushed_on,
      ...textsOf(event.head_commit?.message, author?.username ?? author?.name, event.sender?.login),
      commit_count: event.commits.count,
      ...changesOf(event.commits),
      forced: event.forced,
      skip_asked: false,
    },
  }
}

/**
 * A push to a branch of the repository is built as a push, so its pull request adds nothing. A fork
 * is other people's code: run here, it would read this project's variables and token.
 */
function pullRequest({ number, pull_request }: z.infer<typeof PullRequestEvent>): GitEvent {
  const { head, base } = pull_request
  if (head.repo?.id === base.repo.id) {
    return none(`pull request #${number}: the pushes to its branch ${head.ref} are built`)
  }
  const fork = head.repo?.full_name ?? 'a fork that is gone'
  return none(
    `pull request #${number} is from ${fork}: forks are not built, so as to see no secret`,
  )
}

function none(reason: string): GitEvent {
  return { type: 'none', reason }
}

function unrelated(reason: string): GitEvent {
  return { type: 'unrelated', reason }
}
