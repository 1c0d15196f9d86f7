/** A repository at GitHub, or at what speaks its API. */
import { BuildsError, type Commit, CommitHash } from '@workers-builds/contracts'
import { z } from 'zod'
import type {
  BuildAnnotation,
  BuildReport,
  GitRepository,
  ProviderRepository,
} from '../git-provider.ts'
import { type Api, call, type Fetch, readJson, readText, refusal } from '../http.ts'
import type { GitHubApp } from './app-jwt.ts'
import {
  fullName,
  installationToken,
  type Permissions,
  type TokenCache,
} from './installation-token.ts'

export type GitHubSettings = {
  /** `https://api.github.com` */
  api_url: string
  /** `https://github.com` */
  git_url: string
  app: GitHubApp | null
  /** Where there is no App, on one machine say: a token that reads every repository connected. */
  token: string | null
}

const GitHubCommit = z.object({
  sha: CommitHash,
  commit: z.object({ message: z.string(), author: z.object({ name: z.string() }).nullish() }),
  author: z.object({ login: z.string().optional() }).nullish(),
})
const Branch = z.object({ commit: GitHubCommit })
const Folder = z.array(z.object({ name: z.string(), type: z.string() }))
const CheckRun = z.object({ id: z.int() })
const AnnotatedRun = z.object({ output: z.object({ annotations_count: z.int() }) })

const API_VERSION = '2022-11-28'

export function gitHubRepository(
  settings: GitHubSettings,
  repository: ProviderRepository,
  { fetch, cache, now }: { fetch: Fetch; cache: TokenCache; now: () => Date },
): GitRepository {
  const name = fullName(repository)
  const anonymous: Api = {
    provider: 'GitHub',
    base_url: settings.api_url,
    fetch,
    headers: { accept: 'application/vnd.github+json', 'x-github-api-version': API_VERSION },
  }

  async function token(
    permissions: Permissions,
    further_repositories: string[] = [],
  ): Promise<string> {
    const { app } = settings
    if (app) {
      const context = { api: anonymous, app, cache, now }
      return await installationToken(context, repository, { permissions, further_repositories })
    }
    if (settings.token) return settings.token
    throw new BuildsError(
      'repo_disconnected',
      'Neither a GitHub App nor a token is configured here.',
    )
  }

  async function api(permissions: Permissions = { contents: 'read' }): Promise<Api> {
    const authorization = `Bearer ${await token(permissions)}`
    return { ...anonymous, headers: { ...anonymous.headers, authorization } }
  }

  /** GitHub adds annotations to those that are there, so a report that is sent again has none. */
  async function isAnnotated(
    github: Api,
    { path, report }: { path: string; report: BuildReport },
  ): Promise<boolean> {
    if (report.annotations.length === 0) return false
    const response = await call(github, { path })
    if (!response.ok)
      throw refusal(github, response, { repository: name, what: 'report a build to' })
    return (await readJson(github, response, AnnotatedRun)).output.annotations_count > 0
  }

  return {
    async getCloneAccess({ further_repositories } = { further_repositories: [] }) {
      const password = await token({ contents: 'read' }, further_repositories)
      return {
        clone_url: `${settings.git_url}/${name}.git`,
        credentials: { username: 'x-access-token', password },
      }
    },

    async resolveBranch(branch) {
      const github = await api()
      const path = `/repos/${name}/branches/${encodeURIComponent(branch)}`
      const response = await call(github, { path })
      if (!response.ok)
        throw refusal(github, response, { repository: name, missing: `branch ${branch}` })
      return commitOf((await readJson(github, response, Branch)).commit)
    },

    async resolveCommit(commit_hash) {
      const github = await api()
      const path = `/repos/${name}/commits/${encodeURIComponent(commit_hash)}`
      const response = await call(github, { path })
      if (!response.ok)
        throw refusal(github, response, { repository: name, missing: `commit ${commit_hash}` })
      return commitOf(await readJson(github, response, GitHubCommit))
    },

    async readFile({ commit_hash, path }) {
      const github = await api()
      const response = await call(github, {
        path: contentsPath(name, path, commit_hash),
        accept: 'application/vnd.github.raw+json',
      })
      if (response.status === 404) return undefined
      if (!response.ok) throw refusal(github, response, { repository: name })
      return await readText(response)
    },

    async listFiles({ commit_hash, path }) {
      const github = await api()
      const response = await call(github, { path: contentsPath(name, path, commit_hash) })
      if (response.status === 404) return undefined
      if (!response.ok) throw refusal(github, response, { repository: name })
      const entries = await readJson(github, response, z.unknown())
      // Of a file GitHub answers an object.
      const files = Folder.safeParse(entries).data
      return files?.filter((entry) => entry.type === 'file').map((entry) => entry.name)
    },

    async reportBuild(report, report_id) {
      const github = await api({ checks: 'write' })
      const path = `/repos/${name}/check-runs${report_id === null ? '' : `/${report_id}`}`
      const isNew = report_id === null || !(await isAnnotated(github, { path, report }))
      const response = await call(github, {
        method: report_id === null ? 'POST' : 'PATCH',
        path,
        body: checkRun(report, isNew ? report.annotations : []),
      })
      if (!response.ok)
        throw refusal(github, response, { repository: name, what: 'report a build to' })
      return String((await readJson(github, response, CheckRun)).id)
    },
  }
}

function commitOf({ sha, commit, author }: z.infer<typeof GitHubCommit>): Commit {
  return {
    commit_hash: sha,
    commit_message: commit.message,
    author: author?.login ?? commit.author?.name ?? '',
  }
}

function contentsPath(name: string, path: string, ref: string): string {
  const encoded = path
    .split('/')
    .filter((part) => part !== '')
    .map(encodeURIComponent)
    .join('/')
  return `/repos/${name}/contents/${encoded}?ref=${encodeURIComponent(ref)}`
}

function checkRun(report: BuildReport, annotations: BuildAnnotation[]) {
  const { name, commit_hash, build_uuid, details_url, title, summary, state } = report
  return {
    name,
    head_sha: commit_hash,
    external_id: build_uuid,
    details_url,
    ...(state === 'running'
      ? { status: 'in_progress' }
      : { status: 'completed', conclusion: state }),
    output: {
      title,
      summary,
      ...(annotations.length > 0 && { annotations: annotations.map(annotation) }),
    },
  }
}

function annotation({ file, line, column, title, message }: BuildAnnotation) {
  return {
    path: file,
    start_line: line,
    end_line: line,
    ...(column !== null && { start_column: column, end_column: column }),
    annotation_level: 'failure',
    title,
    message,
  }
}
