import { type Commit, isBuildsError } from '@workers-builds/contracts'
import type { GitRepository } from '@workers-builds/git-providers'
import { openStore } from '@workers-builds/store'
import { connectedRepository, type GitEnv } from './git-providers.ts'

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
  const store = openStore(env.HYPERDRIVE.connectionString, { max: 1 })
  try {
    return await work(await connectedRepository(env, store, repo_connection_uuid))
  } finally {
    await store.end()
  }
}

/** Null for what the repository does not have. */
export async function orNull<Found>(found: Promise<Found>): Promise<Found | null> {
  return await found.catch((error: unknown) => {
    if (isBuildsError(error) && error.code === 'not_found') return null
    throw error
  })
}
