import {
  BuildOutcome,
  type BuildState,
  BuildStatus,
  type BuildStep,
  type BuildUsage,
  type Deployment,
  FailureReason,
} from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from '../sql.ts'
import { OVERDUE_GRACE_SECONDS } from './durations.ts'
import { endBuilds } from './end.ts'

const CurrentState = z.object({
  status: BuildStatus,
  build_outcome: BuildOutcome.nullable(),
  failure_reason: FailureReason.nullable(),
})

type ActiveStatus = Exclude<BuildStatus, 'stopped'>

/** Builds as their BuildBuddies move them along. */
export function saveStatements(sql: Sql) {
  return {
    /**
     * Writes the state that BuildBuddy keeps of its build, and returns the state of the row afterwards,
     * which is another one when the build has ended in Postgres before, as a cancelled one.
     */
    async saveState({
      build_id,
      state,
      steps,
      deployment = null,
      warnings = [],
      usage = null,
    }: {
      build_id: number
      state: BuildState
      steps: BuildStep[]
      deployment?: Deployment | null
      warnings?: string[]
      usage?: BuildUsage | null
    }): Promise<z.infer<typeof CurrentState> | undefined> {
      if (state.status === 'stopped') {
        const which = sql`b.build_id = ${build_id}`
        const alsoSet = sql`
          initializing_on = coalesce(initializing_on, now()),
          version_id = ${deployment?.version_id ?? null},
          preview_url = ${deployment?.preview_url ?? null},
          warnings = ${sql.json(warnings)},
          usage = ${usage && sql.json(usage)}`
        await endBuilds(sql, { which, ending: { state }, alsoSet })
      } else {
        await advance(build_id, state.status)
      }
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

  /** Moves a build on to a later status and renews its time limit; never back, nor out of its end. */
  async function advance(build_id: number, status: ActiveStatus): Promise<void> {
    const earlier = BuildStatus.options.slice(0, BuildStatus.options.indexOf(status))
    if (earlier.length === 0) return
    await sql`
      update builds b
      set status = ${status}, modified_on = now(),
        initializing_on = coalesce(initializing_on, now()),
        running_on = ${status === 'running' ? sql`coalesce(running_on, now())` : sql`running_on`},
        overdue_on = now() + make_interval(secs => ${OVERDUE_GRACE_SECONDS} + (
          select build_timeout_seconds from accounts a where a.account_id = b.account_id))
      where b.build_id = ${build_id} and b.status in ${sql(earlier)}`
  }
}
