/**
 * The token of a grant at GitLab, refreshed when it is about to end. A refresh token is good once,
 * so the grant's row is locked while it is used: whoever comes second finds the new tokens.
 */
import { BuildsError } from '@workers-builds/contracts'
import { type GitLabToken, refreshGitLabToken } from '@workers-builds/git-providers'
import { type Keyring, parseKeyring } from '@workers-builds/sealing'
import type { GitGrant, Store } from '@workers-builds/store'
import type { GitEnv } from './git-env.ts'

/** A token must outlive the queueing and the clone that it is for. */
const LEAST_LIFE_MS = 15 * 60_000

export async function gitLabToken(
  env: GitEnv,
  store: Store,
  grant_id: string | null,
): Promise<GitLabToken> {
  const keyring = parseKeyring(env.BUILD_KEYRING)
  const grant = grant_id === null ? undefined : await store.gitGrants.select(grant_id)
  if (grant === undefined) throw ungranted()
  if (!isEnding(grant)) return await openGrant(keyring, grant)
  return await store.transaction(async (tx) => {
    const locked = await tx.gitGrants.lock(grant.grant_id)
    if (locked === undefined) throw ungranted()
    if (!isEnding(locked)) return await openGrant(keyring, locked)
    const refreshed = await refreshGitLabToken({
      url: env.GITLAB_URL,
      application: { client_id: env.GITLAB_CLIENT_ID, client_secret: env.GITLAB_CLIENT_SECRET },
      refresh_token: await keyring.open(
        locked.refresh_token_sealed ?? '',
        place(locked, 'refresh'),
      ),
    })
    await tx.gitGrants.updateTokens({
      grant_id: locked.grant_id,
      access_token_sealed: await keyring.seal(refreshed.access_token, place(locked, 'access')),
      refresh_token_sealed: await keyring.seal(refreshed.refresh_token, place(locked, 'refresh')),
      expires_on: refreshed.expires_on,
    })
    return { username: locked.username, token: refreshed.access_token }
  })
}

function isEnding({ kind, expires_on }: GitGrant): boolean {
  return kind === 'oauth' && (expires_on?.getTime() ?? 0) - Date.now() < LEAST_LIFE_MS
}

async function openGrant(keyring: Keyring, grant: GitGrant): Promise<GitLabToken> {
  const token = await keyring.open(grant.access_token_sealed, place(grant, 'access'))
  return { username: grant.username, token }
}

/** Where a token of a grant is stored: it opens there only. */
export function place({ grant_id }: Pick<GitGrant, 'grant_id'>, which: 'access' | 'refresh') {
  return { table: 'git_grants', row: grant_id, column: `${which}_token_sealed` }
}

function ungranted(): BuildsError {
  return new BuildsError(
    'repo_disconnected',
    'Nobody has given us access to the repository at GitLab: connect it again.',
  )
}
