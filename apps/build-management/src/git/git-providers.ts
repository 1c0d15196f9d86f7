/** Opens the repositories of connections with what this Worker holds for their providers. */
import { BuildsError } from '@workers-builds/contracts'
import {
  type GitProviderSettings,
  type GitRepository,
  openRepository,
} from '@workers-builds/git-providers'
import type { BuildToStart, Store } from '@workers-builds/store'
import type { GitEnv } from './git-env.ts'
import { gitLabToken } from './gitlab-token.ts'

/** The repository of a connection; throws `repo_disconnected` when it is connected no more. */
export async function connectedRepository(
  env: GitEnv,
  store: Store,
  repo_connection_uuid: string,
): Promise<GitRepository> {
  const repository = await store.repoConnections.selectRepository(repo_connection_uuid)
  if (repository === undefined) {
    throw new BuildsError('repo_disconnected', 'The Git repository is no longer connected.')
  }
  const given_installation_ids = await store.gitInstallations.selectIds(repository.account_id)
  return openConnected(env, { ...repository, given_installation_ids }, (work) => work(store))
}

/** A repository whose row was read; `use` gives a store where more has to be read. */
export function openConnected(
  env: GitEnv,
  repository: BuildToStart['repository'],
  use: <Result>(work: (store: Store) => Promise<Result>) => Promise<Result>,
): GitRepository {
  return openRepository(gitProviderSettings(env), repository, {
    getGitLabToken: () => use((store) => gitLabToken(env, store, repository.grant_id)),
  })
}

function gitProviderSettings(env: GitEnv): GitProviderSettings {
  const [app_id, private_key] = [env.GITHUB_APP_ID, env.GITHUB_APP_PRIVATE_KEY]
  return {
    github: {
      api_url: env.GITHUB_API_URL,
      git_url: env.GITHUB_GIT_BASE_URL,
      app: app_id === '' ? null : { app_id, private_key },
      token: env.GITHUB_TOKEN,
    },
    gitlab: { url: env.GITLAB_URL },
  }
}
