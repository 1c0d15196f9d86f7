/** What the Workers ask of each other. Types only: the classes live in build-management. */
import type { BuildId } from './ids.ts'
import type { BuildOutcome } from './lifecycle.ts'
import type { LogCursor, LogPage } from './log.ts'

/** The private side of build-management, called by client. */
export interface BuildManagementRpc {
  /** Makes Scheduler look for builds now. */
  wakeScheduler(): Promise<void>
  /** Ends a build that has been started; answers what it ended as. */
  cancelBuild(build: { build_id: BuildId }): Promise<{ build_outcome: BuildOutcome | null }>
  /** A page of a build's log. */
  getLogs(page: { build_id: BuildId; cursor?: LogCursor }): Promise<LogPage>
}

/** What build-errors asks of a build's BuildBuddy. */
export interface BuildBuddyRpc {
  getLogs(page: { cursor?: LogCursor }): Promise<LogPage>
}
