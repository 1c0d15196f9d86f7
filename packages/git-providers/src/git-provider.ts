/** What the system asks of a Git provider, whichever it is. */
import type { Commit, ProviderType } from '@workers-builds/contracts'

/** The part of a repository connection that names the repository at its provider. */
export type ProviderRepository = {
  provider_type: ProviderType
  provider_account_name: string
  repo_id: string
  repo_name: string
  /** Of the GitHub App; null when it is not known, or none is used. */
  installation_id: string | null
  /** The installations of the GitHub App that are the account's: it reads through no other. */
  given_installation_ids: string[]
}

/**
 * What a clone needs. The credentials read this repository, the further ones that were asked for,
 * and nothing else, where the provider can limit them so.
 */
export type CloneAccess = {
  clone_url: string
  /** For HTTP basic authentication. */
  credentials: { username: string; password: string } | null
}

/** A place in the repository that has something to do with how a build ended. */
export type BuildAnnotation = {
  /** From the root of the repository, with `/`. */
  file: string
  /** Both counted from 1. */
  line: number
  column: number | null
  title: string
  message: string
}

/** The report of a build on its commit: a check run at GitHub, a commit status at GitLab. */
export type BuildReport = {
  commit_hash: string
  branch: string
  /** Stable for a build, so that reporting again replaces what was reported. */
  name: string
  build_uuid: string
  details_url: string
  state: 'running' | 'success' | 'failure' | 'cancelled' | 'skipped'
  title: string
  /** Markdown. */
  summary: string
  /** At most 50, shown beside the code where the provider can. */
  annotations: BuildAnnotation[]
}

/**
 * A repository at its provider. Every operation throws BuildsError: `repo_disconnected` when the
 * provider refuses access to the repository (any more), `not_found` when what was asked for is not
 * in it, `unavailable` when the provider cannot answer now and may later.
 */
export type GitRepository = {
  /** `further_repositories`: those that the credentials read besides this one, as `owner/name`. */
  getCloneAccess(access?: { further_repositories: string[] }): Promise<CloneAccess>
  /** The commit that a branch points at. */
  resolveBranch(branch: string): Promise<Commit>
  /** A commit by its hash, or the start of one. */
  resolveCommit(commit_hash: string): Promise<Commit>
  /** A file's text at a commit; undefined when there is none. `path` is relative to the root. */
  readFile(file: { commit_hash: string; path: string }): Promise<string | undefined>
  /** Names of the files directly in a folder; undefined when there is no such folder. */
  listFiles(folder: { commit_hash: string; path: string }): Promise<string[] | undefined>
  /**
   * Reports a build to the provider; returns the report's id there. `report_id` is the id of an
   * earlier report of this build.
   */
  reportBuild(report: BuildReport, report_id: string | null): Promise<string>
}
