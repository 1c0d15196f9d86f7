/** What this Worker holds for the Git providers, and the keys to it. */
export type GitEnv = Pick<
  Env,
  | 'BUILD_KEYRING'
  | 'GITHUB_API_URL'
  | 'GITHUB_GIT_BASE_URL'
  | 'GITHUB_APP_ID'
  | 'GITHUB_APP_PRIVATE_KEY'
  | 'GITHUB_TOKEN'
  | 'GITLAB_URL'
  | 'GITLAB_CLIENT_ID'
  | 'GITLAB_CLIENT_SECRET'
>
