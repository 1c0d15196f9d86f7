import type { Sql } from '../sql.ts'
import { SCAN_GRACE_SECONDS } from './durations.ts'

/** How builds end without their BuildBuddy. */
export function endStatements(sql: Sql) {
  return {
    /**
     * Cancels a build that is still queued; false when it is not. A build that Scheduler has
     * claimed meanwhile learns of it when its BuildBuddy takes it over.
     */
    async cancelQueued(build_id: number): Promise<boolean> {
      const rows = await sql`
        update builds
        set status = 'stopped', build_outcome = 'cancelled', stopped_on = now(), modified_on = now()
        where build_id = ${build_id} and status = 'queued'
        returning build_id`
      return rows.length > 0
    },

    /** Skips builds that are still queued because a later push replaces them. */
    async supersede(build_ids: number[]): Promise<void> {
      if (build_ids.length === 0) return
      await sql`
        update builds
        set status = 'stopped', build_outcome = 'skipped', skip_reason = 'superseded',
          stopped_on = now(), modified_on = now()
        where build_id in ${sql(build_ids)} and status = 'queued' and claimed_on is null`
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
      const rows = await sql`
        update builds b
        set status = 'stopped', build_outcome = 'skipped', skip_reason = 'branch_deleted',
          stopped_on = now(), modified_on = now()
        from triggers t
        where t.trigger_uuid = b.trigger_uuid
          and t.repo_connection_uuid = ${branch.repo_connection_uuid}
          and b.branch = ${branch.branch} and b.commit_hash = ${branch.commit_hash}
          and b.pushed_on <= ${branch.deleted_on}
          and b.status = 'queued' and b.claimed_on is null
        returning b.build_id`
      return rows.length
    },

    /** Skips queued builds whose Worker was deleted. */
    async skipBuildsOfDeletedWorkers(): Promise<void> {
      await sql`
        update builds b
        set status = 'stopped', build_outcome = 'skipped', skip_reason = 'worker_deleted',
          stopped_on = now(), modified_on = now()
        from workers w
        where b.status = 'queued' and w.script_tag = b.script_tag and w.deleted_on is not null`
    },

    /** Ends an unfinished build whose BuildBuddy cannot be had. */
    async endLost(build_id: number): Promise<void> {
      await sql`
        update builds
        set status = 'stopped', build_outcome = 'fail', failure_reason = 'internal_error',
          stopped_on = now(), modified_on = now(), overdue_on = null,
          scan_due_on = now() + make_interval(secs => ${SCAN_GRACE_SECONDS})
        where build_id = ${build_id} and status <> 'stopped'`
    },
  }
}
