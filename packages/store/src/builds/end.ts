import {
  type BuildEvent,
  type BuildState,
  isFailedBuild,
  QUEUED,
  type SkipReason,
  transition,
} from '@workers-builds/contracts'
import type { Fragment, Sql } from '../sql.ts'
import { SCAN_GRACE_SECONDS } from './durations.ts'

/** The final state of a build, and for a skipped one the reason. */
export type Ending = {
  state: Extract<BuildState, { status: 'stopped' }>
  skip_reason?: SkipReason
}

/** The ending of a queued build that `event` happens to, as the lifecycle decides it. */
function endingBy(event: BuildEvent, skip_reason?: SkipReason): Ending {
  const state = transition(QUEUED, event)
  if (state.status !== 'stopped') throw new Error(`${event.type} does not end a build`)
  return skip_reason ? { state, skip_reason } : { state }
}

export const CANCELLED = endingBy({ type: 'cancelled' })
const SUPERSEDED = endingBy({ type: 'skipped' }, 'superseded')
const BRANCH_DELETED = endingBy({ type: 'skipped' }, 'branch_deleted')
const WORKER_DELETED = endingBy({ type: 'skipped' }, 'worker_deleted')
const LOST = endingBy({ type: 'lost' })

/**
 * Ends the builds that `which` chooses among `builds b`, and returns their ids. Every build that ends
 * in Postgres ends by this statement; one that has ended already stays as it ended.
 */
export async function endBuilds(
  sql: Sql,
  {
    which,
    ending: { state, skip_reason },
    alsoSet,
  }: { which: Fragment; ending: Ending; alsoSet?: Fragment },
): Promise<number[]> {
  const scan_due_on = isFailedBuild(state.build_outcome)
    ? sql`now() + make_interval(secs => ${SCAN_GRACE_SECONDS})`
    : null
  const rows = await sql<{ build_id: number }[]>`
    update builds b
    set status = 'stopped', build_outcome = ${state.build_outcome},
      failure_reason = ${state.failure_reason}, skip_reason = ${skip_reason ?? null}, stopped_on = now(),
      modified_on = now(), overdue_on = null, scan_due_on = ${scan_due_on}
      ${alsoSet ? sql`, ${alsoSet}` : sql``}
    where b.status <> 'stopped' and (${which})
    returning b.build_id`
  return rows.map((row) => row.build_id)
}

/** How builds end without their BuildBuddies. */
export function endStatements(sql: Sql) {
  return {
    /**
     * Cancels a build that is still queued; false when it is not. A build that Scheduler has
     * claimed meanwhile learns of it when its BuildBuddy takes it over.
     */
    async cancelQueued(build_id: number): Promise<boolean> {
      const which = sql`b.build_id = ${build_id} and b.status = 'queued'`
      return (await endBuilds(sql, { which, ending: CANCELLED })).length > 0
    },

    /** Skips builds that are still queued because a later push replaces them. */
    async supersede(build_ids: number[]): Promise<void> {
      if (build_ids.length === 0) return
      const which = sql`
        b.build_id in ${sql(build_ids)} and b.status = 'queued' and b.claimed_on is null`
      await endBuilds(sql, { which, ending: SUPERSEDED })
    },

    /**
     * Skips queued builds of a push whose branch was deleted where that push had left it, and no
     * later push made it again.
     */
    async skipDeletedBranch(branch: {
      repo_connection_uuid: string
      branch: string
      commit_hash: string
      deleted_on: Date
    }): Promise<number> {
      const which = sql`
        b.branch = ${branch.branch} and b.commit_hash = ${branch.commit_hash}
        and b.pushed_on <= ${branch.deleted_on} and b.status = 'queued' and b.claimed_on is null
        and b.trigger_uuid in (
          select trigger_uuid from triggers
          where repo_connection_uuid = ${branch.repo_connection_uuid})`
      return (await endBuilds(sql, { which, ending: BRANCH_DELETED })).length
    },

    /** Skips queued builds whose Worker was deleted. */
    async skipBuildsOfDeletedWorkers(): Promise<void> {
      const which = sql`
        b.status = 'queued' and exists (
          select from workers w where w.script_tag = b.script_tag and w.deleted_on is not null)`
      await endBuilds(sql, { which, ending: WORKER_DELETED })
    },

    /** Ends an unfinished build whose BuildBuddy cannot be reached. */
    async endLost(build_id: number): Promise<void> {
      await endBuilds(sql, { which: sql`b.build_id = ${build_id}`, ending: LOST })
    },
  }
}
