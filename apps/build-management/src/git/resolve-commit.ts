import { type Commit, isBuildsError } from '@workers-builds/contracts'
import type { GitRepository } from '@workers-builds/git-providers'
import { withStore } from '../with-store.ts'
import type { GitEnv } from './git-env.ts'
import { connectedRepository } from './git-providers.ts'

type CommitEnv = GitEnv & Pick<Env, 'HYPERDRIVE'>

/** The commit at the end of a branch; null when the repository has no such branch. */
export async function resolveBranch(
  env: CommitEnv,
  { repo_connection_uuid, branch }: { repo_connection_uuid: string; branch: string },
): Promise<Commit | null> {
  return await withRepository(env, repo_connection_uuid, (git) => orNull(git.resolveBranch(branch)))
}

/** A commit by its hash, or the start of one; null when the repository has none. */
export async function resolveCommit(
  env: CommitEnv,
  { repo_connection_uuid, commit_hash }: { repo_connection_uuid: string; commit_hash: string },
): Promise<Commit | null> {
  return await withRepository(env, repo_connection_uuid, (git) =>
    orNull(git.resolveCommit(commit_hash)),
  )
}

/** Does `work` with a connected repository, on a store of its own. */
export async function withRepository<Result>(
  env: CommitEnv,
  repo_connection_uuid: string,
  work: (repository: GitRepository) => Promise<Result>,
): Promise<Result> {
  return await withStore(env, async (store) =>
    work(await connectedRepository(env, store, repo_connection_uuid)),
  )
}

/** Null for what the repository does not have. */
export async function orNull<Found>(found: Promise<Found>): Promise<Found | null> {
  return await found.catch((error: unknown) => {
    if (isBuildsError(error) && error.code === 'not_found') return null
    throw error
  })
}
