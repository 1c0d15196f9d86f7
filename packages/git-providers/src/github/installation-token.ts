/**
 * Tokens for one repository, and those that its clone reads besides it, with one permission, minted by
 * the GitHub App.
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

type AnyPermissions = Permissions | { metadata: 'read' }

/** A token must outlive the queueing and the clone that it is for. */
const LEAST_LIFE_MS = 15 * 60_000
const MOST_TOKENS = 1_000

const Installation = z.object({ id: z.int(), suspended_at: z.string().nullish() })
const InstallationToken = z.object({
  token: z.string(),
  expires_at: z.iso.datetime(),
  /** The repositories that it is for, where they were chosen. */
  repositories: z.array(z.object({ id: z.int(), full_name: z.string() })).optional(),
})

export type TokenCache = Map<string, { token: string; expires_on: number }>

type TokenContext = { api: Api; app: GitHubApp; cache: TokenCache; now: () => Date }

/**
 * A token that may do just `permissions` to just `repository` and `further_repositories`, which are
 * of the same installation.
 */
export async function installationToken(
  { api, app, cache, now }: TokenContext,
  repository: ProviderRepository,
  {
    permissions,
    further_repositories,
  }: {
    permissions: Permissions
    /** As `owner/name`. */
    further_repositories: string[]
  },
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
  const mint = async (chosen: Chosen, allowed: AnyPermissions) =>
    await mintToken(await asApp(), {
      installation_id,
      repository,
      further_repositories,
      body: { ...chosen, permissions: allowed },
    })
  const further_ids = await resolveIds(further_repositories, (names) =>
    mint({ repositories: names }, { metadata: 'read' }),
  )
  const repository_ids = [Number(repository.repo_id), ...further_ids]
  const key = [installation_id, repository_ids.join(), JSON.stringify(permissions)].join('|')
  const cached = cache.get(key)
  if (cached && cached.expires_on - now().getTime() > LEAST_LIFE_MS) return cached.token

  const { token, expires_at } = await mint({ repository_ids }, permissions)
  if (cache.size >= MOST_TOKENS) cache.delete(cache.keys().next().value ?? '')
  cache.set(key, { token, expires_on: Date.parse(expires_at) })
  return token
}

/** Which repositories a token is for: by their ids, or by their names in the installation. */
type Chosen = { repository_ids: number[] } | { repositories: string[] }

async function mintToken(
  github: Api,
  {
    installation_id,
    repository,
    further_repositories,
    body,
  }: {
    installation_id: string
    repository: ProviderRepository
    further_repositories: string[]
    body: Chosen & { permissions: AnyPermissions }
  },
): Promise<z.infer<typeof InstallationToken>> {
  const path = `/app/installations/${installation_id}/access_tokens`
  const response = await call(github, { method: 'POST', path, body })
  if (response.ok) return await readJson(github, response, InstallationToken)
  if (response.status === 422 && 'repositories' in body) throw notInstalled(further_repositories)
  throw appRefusal(github, response, repository, body.permissions)
}

/**
 * The ids of repositories (`owner/name`) of the installation. Its names have no owner, so that the
 * full names of what it finds are compared: another owner's repository of that name is not meant.
 */
async function resolveIds(
  full_names: string[],
  mint: (names: string[]) => Promise<z.infer<typeof InstallationToken>>,
): Promise<number[]> {
  if (full_names.length === 0) return []
  const { repositories = [] } = await mint([...new Set(full_names.map(nameOf))])
  const ids = new Map(repositories.map(({ id, full_name }) => [full_name.toLowerCase(), id]))
  const missing = full_names.filter((full_name) => !ids.has(full_name.toLowerCase()))
  if (missing.length > 0) throw notInstalled(missing)
  return full_names
    .flatMap((full_name) => ids.get(full_name.toLowerCase()) ?? [])
    .toSorted((a, b) => a - b)
}

function nameOf(full_name: string): string {
  return full_name.slice(full_name.lastIndexOf('/') + 1)
}

function notInstalled(repositories: string[]): BuildsError {
  return new BuildsError(
    'repo_disconnected',
    `clone_repositories: the GitHub App's installation on the connected repository does not cover all of ${repositories.join(', ')}: install the App there, or correct the setting.`,
  )
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
  permissions?: AnyPermissions,
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
