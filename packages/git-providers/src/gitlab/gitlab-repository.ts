/** A repository (a project) at GitLab. */
import { type Commit, CommitHash } from '@workers-builds/contracts'
import { z } from 'zod'
import type { BuildReport, GitRepository, ProviderRepository } from '../git-provider.ts'
import { type Api, call, type Fetch, readJson, readText, refusal } from '../http.ts'

export type GitLabSettings = {
  /** `https://gitlab.com`; its API is below. */
  url: string
}

/** What GitLab is asked with: an OAuth or access token, or a deploy token, which only clones. */
export type GitLabToken = { username: string; token: string }

const GitLabCommit = z.object({ id: CommitHash, message: z.string(), author_name: z.string() })
const Branch = z.object({ commit: GitLabCommit })
const Tree = z.array(z.object({ name: z.string(), type: z.string() }))
const Status = z.object({ id: z.int() })

export function gitLabRepository(
  settings: GitLabSettings,
  repository: ProviderRepository,
  { fetch, getToken }: { fetch: Fetch; getToken: () => Promise<GitLabToken> },
): GitRepository {
  const name = `${repository.provider_account_name}/${repository.repo_name}`
  const project = `/projects/${encodeURIComponent(repository.repo_id)}`

  async function api(): Promise<Api> {
    const { token } = await getToken()
    const headers = { authorization: `Bearer ${token}` }
    return { provider: 'GitLab', base_url: `${settings.url}/api/v4`, fetch, headers }
  }

  return {
    async getCloneAccess() {
      const { username, token } = await getToken()
      const path = name.split('/').map(encodeURIComponent).join('/')
      return {
        clone_url: `${settings.url}/${path}.git`,
        credentials: { username, password: token },
      }
    },

    async resolveBranch(branch) {
      const gitlab = await api()
      const path = `${project}/repository/branches/${encodeURIComponent(branch)}`
      const response = await call(gitlab, { path })
      if (!response.ok) throw await notInProject(gitlab, response, `branch ${branch}`)
      return commitOf((await readJson(gitlab, response, Branch)).commit)
    },

    async resolveCommit(commit_hash) {
      const gitlab = await api()
      const path = `${project}/repository/commits/${encodeURIComponent(commit_hash)}`
      const response = await call(gitlab, { path })
      if (!response.ok) throw await notInProject(gitlab, response, `commit ${commit_hash}`)
      return commitOf(await readJson(gitlab, response, GitLabCommit))
    },

    async readFile({ commit_hash, path }) {
      const gitlab = await api()
      const file = encodeURIComponent(path.replace(/^\/+/, ''))
      const response = await call(gitlab, {
        path: `${project}/repository/files/${file}/raw?ref=${encodeURIComponent(commit_hash)}`,
      })
      if (response.status === 404) return undefined
      if (!response.ok) throw refusal(gitlab, response, { repository: name })
      return await readText(response)
    },

    async listFiles({ commit_hash, path }) {
      const gitlab = await api()
      const query = new URLSearchParams({
        ref: commit_hash,
        path: path.replace(/^\/+|\/+$/g, ''),
        per_page: '100',
      })
      const response = await call(gitlab, { path: `${project}/repository/tree?${query}` })
      if (response.status === 404) return undefined
      if (!response.ok) throw refusal(gitlab, response, { repository: name })
      const entries = await readJson(gitlab, response, Tree)
      return entries.filter((entry) => entry.type === 'blob').map((entry) => entry.name)
    },

    async reportBuild(report, report_id) {
      const gitlab = await api()
      const response = await call(gitlab, {
        method: 'POST',
        path: `${project}/statuses/${report.commit_hash}`,
        body: commitStatus(report),
      })
      if (response.status === 400 && (await isReportedAlready(response))) return report_id ?? ''
      if (!response.ok)
        throw refusal(gitlab, response, { repository: name, what: 'report a build to' })
      return String((await readJson(gitlab, response, Status)).id)
    },
  }

  /** GitLab answers 404 for a project that we may not see, and for a branch that is not in it. */
  async function notInProject(gitlab: Api, response: Response, missing: string) {
    if (response.status !== 404) return refusal(gitlab, response, { repository: name })
    const visible = await call(gitlab, { path: project })
    const hidden = visible.status === 404 || visible.status === 401
    return refusal(gitlab, hidden ? visible : response, {
      repository: name,
      ...(!hidden && { missing }),
    })
  }
}

/** GitLab refuses a state that the status has already: our try before this one got through. */
async function isReportedAlready(response: Response): Promise<boolean> {
  const text = await response.clone().text()
  return text.includes('Cannot transition status')
}

function commitOf({ id, message, author_name }: z.infer<typeof GitLabCommit>): Commit {
  return { commit_hash: id, commit_message: message, author: author_name }
}

const STATES = {
  running: 'running',
  success: 'success',
  failure: 'failed',
  cancelled: 'canceled',
  skipped: 'skipped',
} satisfies Record<BuildReport['state'], string>

function commitStatus({ state, branch, name, details_url, title }: BuildReport) {
  return {
    state: STATES[state],
    ref: branch,
    name,
    target_url: details_url,
    // GitLab keeps 255 characters.
    description: title.slice(0, 255),
  }
}
