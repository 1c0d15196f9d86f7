import {
  BuildOutcome,
  type BuildState,
  BuildStatus,
  type BuildStep,
  type Deployment,
  FailureReason,
  isFailedBuild,
} from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from '../sql.ts'
import { OVERDUE_GRACE_SECONDS, SCAN_GRACE_SECONDS } from './durations.ts'

const CurrentState = z.object({
  status: BuildStatus,
  build_outcome: BuildOutcome.nullable(),
  failure_reason: FailureReason.nullable(),
})

/** Builds as their BuildBuddies move them along. */
export function saveStatements(sql: Sql) {
  return {
    /**
     * Writes what BuildBuddy knows of its build, and answers what the row says then: another state
     * than the one given when the build had been stopped before, by somebody who may.
     */
    async saveState({
      build_id,
      state,
      steps,
      deployment = null,
    }: {
      build_id: number
      state: BuildState
      steps: BuildStep[]
      deployment?: Deployment | null
    }): Promise<z.infer<typeof CurrentState> | undefined> {
      const order = sql.json(BuildStatus.options)
      const scan_due_on = isFailedBuild(state.build_outcome)
        ? sql`now() + make_interval(secs => ${SCAN_GRACE_SECONDS})`
        : null
      await sql`
        update builds
        set status = ${state.status}, build_outcome = ${state.build_outcome},
          failure_reason = ${state.failure_reason}, modified_on = now(),
          initializing_on = case when ${state.status !== 'queued'}
            then coalesce(initializing_on, now()) end,
          running_on = case when ${state.status === 'running'}
            then coalesce(running_on, now()) else running_on end,
          stopped_on = case when ${state.status === 'stopped'} then now() end,
          overdue_on = case when ${state.status !== 'stopped'}
            then now() + make_interval(secs => ${OVERDUE_GRACE_SECONDS} + (
              select build_timeout_seconds from accounts a where a.account_id = builds.account_id))
            end,
          scan_due_on = ${scan_due_on}, version_id = ${deployment?.version_id ?? null},
          preview_url = ${deployment?.preview_url ?? null}
        where build_id = ${build_id} and status <> 'stopped' and status <> ${state.status}
          and (select place from jsonb_array_elements_text(${order}) with ordinality as o (name, place)
            where name = status)
            < (select place from jsonb_array_elements_text(${order}) with ordinality as o (name, place)
            where name = ${state.status})`
      if (steps.length > 0) {
        await sql`
          insert into build_steps (build_id, step, started_on, ended_on, exit_code)
          select b.build_id, s.step, to_timestamp(s.started_on / 1000.0),
            to_timestamp(s.ended_on / 1000.0), s.exit_code
          from builds b, jsonb_to_recordset(${sql.json(steps)})
            as s (step text, started_on bigint, ended_on bigint, exit_code integer)
          where b.build_id = ${build_id}
          on conflict (build_id, step) do update
          set started_on = excluded.started_on, ended_on = excluded.ended_on,
            exit_code = excluded.exit_code`
      }
      const [row] = await sql`
        select status, build_outcome, failure_reason from builds where build_id = ${build_id}`
      return row && CurrentState.parse(row)
    },
  }
}
