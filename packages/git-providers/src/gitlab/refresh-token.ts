/** GitLab's OAuth: a refresh token is good for one refresh, and gives the next one. */
import { BuildsError } from '@workers-builds/contracts'
import { z } from 'zod'
import { type Api, call, type Fetch, readJson, refusal } from '../http.ts'

export type GitLabApplication = { client_id: string; client_secret: string }

const Refreshed = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  /** Seconds. */
  expires_in: z.number().positive(),
})

export type GitLabTokens = { access_token: string; refresh_token: string; expires_on: Date }

/** Throws `repo_disconnected` when the grant was taken back, `unavailable` when GitLab is away. */
export async function refreshGitLabToken({
  url,
  application,
  refresh_token,
  fetch = (request) => globalThis.fetch(request),
  now = () => new Date(),
}: {
  /** `https://gitlab.com` */
  url: string
  application: GitLabApplication
  refresh_token: string
  fetch?: Fetch
  now?: () => Date
}): Promise<GitLabTokens> {
  const gitlab: Api = { provider: 'GitLab', base_url: url, fetch, headers: {} }
  const requestedOn = now().getTime()
  const response = await call(gitlab, {
    method: 'POST',
    path: '/oauth/token',
    body: { grant_type: 'refresh_token', refresh_token, ...application },
  })
  if (response.status === 400 || response.status === 401) {
    throw new BuildsError(
      'repo_disconnected',
      `GitLab does not renew our access (${response.status}): connect the repository again.`,
    )
  }
  if (!response.ok) throw refusal(gitlab, response, { repository: 'its repositories' })
  const { expires_in, ...tokens } = await readJson(gitlab, response, Refreshed)
  return { ...tokens, expires_on: new Date(requestedOn + expires_in * 1_000) }
}
