/**
 * Tokens for one repository, with one permission, minted by the GitHub App.
 *
 * `@octokit/auth-app` shares the promises of requests under way between its callers; in workerd a
 * promise belongs to the request that made it, and awaiting another's fails. So the exchange is
 * here, and what is shared are finished tokens only.
 */
import { BuildsError } from '@workers-builds/contracts'
import { z } from 'zod'
import type { ProviderRepository } from '../git-provider.ts'
import { type Api, call, isLimited, readJson, refusal } from '../http.ts'
import { type GitHubApp, signAppJwt } from './app-jwt.ts'

export type Permissions = { contents: 'read' } | { checks: 'write' }

/** A token must outlive the queueing and the clone that it is for. */
const LEAST_LIFE_MS = 15 * 60_000
const MOST_TOKENS = 1_000

const Installation = z.object({ id: z.int(), suspended_at: z.string().nullish() })
const InstallationToken = z.object({ token: z.string(), expires_at: z.iso.datetime() })

export type TokenCache = Map<string, { token: string; expires_on: number }>

/** A token that may do just `permissions` to just `repository`. */
export async function installationToken(
  { api, app, cache, now }: { api: Api; app: GitHubApp; cache: TokenCache; now: () => Date },
  repository: ProviderRepository,
  permissions: Permissions,
): Promise<string> {
  const asApp = async () => {
    const authorization = `Bearer ${await signAppJwt(app, now())}`
    return { ...api, headers: { ...api.headers, authorization } }
  }
  const installation_id =
    repository.installation_id ?? (await findInstallation(await asApp(), repository)).toString()
  if (!repository.given_installation_ids.includes(installation_id)) {
    throw new BuildsError(
      'repo_disconnected',
      `The GitHub App's installation ${installation_id} on ${fullName(repository)} was not given to this account: ask the operator to.`,
    )
  }
  const key = [installation_id, repository.repo_id, JSON.stringify(permissions)].join('|')
  const cached = cache.get(key)
  if (cached && cached.expires_on - now().getTime() > LEAST_LIFE_MS) return cached.token

  const github = await asApp()
  const response = await call(github, {
    method: 'POST',
    path: `/app/installations/${installation_id}/access_tokens`,
    body: { repository_ids: [Number(repository.repo_id)], permissions },
  })
  if (!response.ok) throw appRefusal(github, response, repository, permissions)
  const { token, expires_at } = await readJson(github, response, InstallationToken)
  if (cache.size >= MOST_TOKENS) cache.delete(cache.keys().next().value ?? '')
  cache.set(key, { token, expires_on: Date.parse(expires_at) })
  return token
}

async function findInstallation(api: Api, repository: ProviderRepository): Promise<number> {
  const response = await call(api, { path: `/repos/${fullName(repository)}/installation` })
  if (!response.ok) throw appRefusal(api, response, repository)
  return (await readJson(api, response, Installation)).id
}

function appRefusal(
  api: Api,
  response: Response,
  repository: ProviderRepository,
  permissions?: Permissions,
): BuildsError {
  const name = fullName(repository)
  if (response.status === 401) {
    return new BuildsError(
      'repo_disconnected',
      'GitHub does not take our App for itself (401): its id or private key is wrong.',
    )
  }
  const [permission = ''] = Object.entries(permissions ?? {}).map((entry) => entry.join(':'))
  if (response.status === 422) {
    return new BuildsError(
      'repo_disconnected',
      `The GitHub App is not installed on ${name} (422), or may not do ${permission} there: install it again, or accept its permissions.`,
    )
  }
  if (response.status === 404) {
    return new BuildsError(
      'repo_disconnected',
      `The GitHub App is not installed on ${name} (${response.status}): install it there again.`,
    )
  }
  if (response.status === 403 && !isLimited(response)) {
    return new BuildsError(
      'repo_disconnected',
      `The GitHub App's installation on ${name} is suspended (403): unsuspend it at GitHub.`,
    )
  }
  return refusal(api, response, { repository: name })
}

/** `owner/name`, as it stands in a path. */
export function fullName({ provider_account_name, repo_name }: ProviderRepository): string {
  return `${encodeURIComponent(provider_account_name)}/${encodeURIComponent(repo_name)}`
}
