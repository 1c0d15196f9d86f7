/** The calls between Workers. Types only: the classes live in build-management. */
import type { Backfill, BackfillConfig, BackfillProgress } from './backfill.ts'
import type { LineTemplates } from './detection.ts'
import type { BuildManagementHealth } from './health.ts'
import type { BuildId } from './ids.ts'
import type { BuildOutcome } from './lifecycle.ts'
import type { LogCursor, LogLine, LogPage, LogSlice } from './log.ts'
import type { ConfigAutofill } from './repo-connections.ts'
import type { ResealedSecrets } from './secrets.ts'

/** A commit as its Git provider describes it. */
export type Commit = { commit_hash: string; commit_message: string; author: string }

/** A secret and where it will be stored, which is authenticated with it. */
export type SecretToSeal = {
  plaintext: string
  place: { table: string; row: string; column: string }
}

/** The private side of build-management, called by client. */
export interface BuildManagementRpc {
  /** Makes Scheduler look for builds now. */
  wakeScheduler(): Promise<void>
  /** Cancels a build that was started; returns its outcome. */
  cancelBuild(build: { build_id: BuildId }): Promise<{ build_outcome: BuildOutcome | null }>
  /** Starts a backfill; returns the running one when there is one. */
  startBackfill(
    config: BackfillConfig,
  ): Promise<{ started: Backfill; running: null } | { started: null; running: Backfill }>
  /** Stops the running backfill; null when there is none. */
  stopBackfill(): Promise<Backfill | null>
  /** The progress of the running backfill; null when there is none. */
  getBackfillProgress(): Promise<{ backfill_id: number; progress: BackfillProgress } | null>
  /**
   * The commit at the end of a branch; null when the repository has no such branch. Throws
   * BuildsError: `repo_disconnected` when the provider refuses access to the repository,
   * `unavailable` when it cannot answer now.
   */
  resolveBranch(branch: { repo_connection_uuid: string; branch: string }): Promise<Commit | null>
  /** A commit by its hash, or the start of one; null and throws likewise. */
  resolveCommit(commit: {
    repo_connection_uuid: string
    commit_hash: string
  }): Promise<Commit | null>
  /** Seals secrets that builds will need, each for the row it is stored in; in the same order. */
  sealBuildSecrets(secrets: SecretToSeal[]): Promise<string[]>
  /** The images that builds may ask for, the newest first; null where builds have none. */
  listBuildImages(): Promise<string[] | null>
  /** The build settings that a branch's files suggest; throws likewise, and `not_found`. */
  autofillConfig(project: {
    repo_connection_uuid: string
    branch: string
    root_directory: string
  }): Promise<ConfigAutofill | null>
  /** Seals some of the stored build secrets again, with the newest key. */
  resealBuildSecrets(options: { limit: number }): Promise<ResealedSecrets>
  /** The health of what only build-management can reach, reported within a bounded time. */
  checkHealth(): Promise<BuildManagementHealth>
  /** A page of a build's log. */
  getLogs(page: { build_id: BuildId; cursor?: LogCursor }): Promise<LogPage>
  /** Some lines of a build's log, fewer where it ends. */
  getLogLines(slice: LogSlice & { build_id: BuildId }): Promise<LogLine[]>
}

/** What build-errors calls at a build's BuildBuddy. */
export interface BuildBuddyRpc {
  getLogs(page: { cursor?: LogCursor }): Promise<LogPage>
  /** What a good build printed; null of any other, and of one whose log is gone. */
  getLineTemplates(): Promise<LineTemplates | null>
}

/** What the client Worker calls at build-errors. */
export interface BuildErrorsRpc {
  /** The version of the signatures that builds are scanned with now. */
  getDetectorVersion(): Promise<number>
}
