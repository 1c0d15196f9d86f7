/**
 * Git providers: what a clone needs, and what their APIs show of a repository.
 *
 * @module
 */
import { BuildsError } from '@workers-builds/contracts'
import type { GitRepository, ProviderRepository } from './git-provider.ts'
import { type GitHubSettings, gitHubRepository } from './github/github-repository.ts'
import type { TokenCache } from './github/installation-token.ts'
import {
  type GitLabSettings,
  type GitLabToken,
  gitLabRepository,
} from './gitlab/gitlab-repository.ts'
import type { Fetch } from './http.ts'

export { autofillConfig } from './config-autofill/autofill-config.ts'
export type * from './git-provider.ts'
export type { GitHubApp } from './github/app-jwt.ts'
export {
  type GitLabApplication,
  type GitLabTokens,
  refreshGitLabToken,
} from './gitlab/refresh-token.ts'
export type { GitHubSettings, GitLabSettings, GitLabToken }

export type GitProviderSettings = { github: GitHubSettings; gitlab: GitLabSettings }

/** Finished tokens of this isolate, none kept beyond its life. */
const gitHubTokens: TokenCache = new Map()

/** Opens `repository` at its provider; nothing is asked of it yet. */
export function openRepository(
  settings: GitProviderSettings,
  repository: ProviderRepository,
  {
    getGitLabToken,
    fetch = (request) => globalThis.fetch(request),
    cache = gitHubTokens,
    now = () => new Date(),
  }: {
    /** The token of the repository's grant; asked for when it is needed. */
    getGitLabToken: () => Promise<GitLabToken>
    fetch?: Fetch
    cache?: TokenCache
    now?: () => Date
  },
): GitRepository {
  switch (repository.provider_type) {
    case 'github':
      return gitHubRepository(settings.github, repository, { fetch, cache, now })
    case 'gitlab':
    case 'gitlab_internal':
      return gitLabRepository(settings.gitlab, repository, { fetch, getToken: getGitLabToken })
    case 'origin':
      throw new BuildsError(
        'repo_disconnected',
        'Repositories of the provider "origin" cannot be read here: connect one of GitHub or GitLab.',
      )
    default:
      return repository.provider_type satisfies never
  }
}
