import {
  BuildOutcome,
  BuildSettings,
  type BuildState,
  BuildStatus,
  type BuildStep,
  type Deployment,
  FAILED_BUILD_OUTCOMES,
  FailureReason,
  isFailedBuild,
} from '@workers-builds/contracts'
import { z } from 'zod'
import { ConnectedRepository } from './repo-connections.ts'
import type { Sql } from './sql.ts'

/** A claim that its BuildBuddy has not confirmed by then is handed out again. */
const CLAIM_SECONDS = 10

/** A claim that nobody has confirmed by then is asked after. */
const CONFIRMATION_SECONDS = 300

/** How long after its limit a build that is still unfinished is asked after, and then again. */
const OVERDUE_GRACE_SECONDS = 120
const OVERDUE_AGAIN_SECONDS = 60

/** A failed build without a scan is queued for detection again after this long. */
const SCAN_GRACE_SECONDS = 120

/** All that BuildBuddy needs to start a build; sealed values are opened by their reader. */
export const BuildToStart = z.object({
  build_id: z.int(),
  build_uuid: z.uuid(),
  account_id: z.string(),
  script_tag: z.string(),
  created_on: z.date(),
  branch: z.string(),
  commit_hash: z.string(),
  settings: BuildSettings,
  build_timeout_seconds: z.int(),
  build_token_uuid: z.uuid(),
  build_token_secret_sealed: z.string().nullable(),
  trigger_uuid: z.uuid(),
  build_caching_enabled: z.boolean(),
  /** How often the trigger's cache was purged. */
  cache_generation: z.int(),
  repo_disconnected: z.boolean(),
  /** With the installations of the GitHub App that its account was given. */
  repository: ConnectedRepository.extend({ given_installation_ids: z.array(z.string()) }),
  /** Sealed values of the secret variables. */
  secrets: z.record(z.string(), z.string()),
})
export type BuildToStart = z.infer<typeof BuildToStart>

/** A build that should have been over, and how often its BuildBuddy was asked in vain. */
export type OverdueBuild = { build_id: number; build_uuid: string; overdue_asks: number }

const CurrentState = z.object({
  status: BuildStatus,
  build_outcome: BuildOutcome.nullable(),
  failure_reason: FailureReason.nullable(),
})

export type BuildScheduleStore = ReturnType<typeof buildScheduleStore>

/** Builds as Scheduler and BuildBuddy move them along. */
export function buildScheduleStore(sql: Sql) {
  return {
    /** Skips queued builds whose Worker was deleted. */
    async skipBuildsOfDeletedWorkers(): Promise<void> {
      await sql`
        update builds b
        set status = 'stopped', build_outcome = 'skipped', skip_reason = 'worker_deleted',
          stopped_on = now(), modified_on = now()
        from workers w
        where b.status = 'queued' and w.script_tag = b.script_tag and w.deleted_on is not null`
    },

    /**
     * Claims builds to start: at most as many per account as its concurrency leaves free, the
     * oldest first, one per trigger and branch, and again those whose claim nobody confirmed. They
     * come in turns, the first of every account before the second of any. None is of a deleted Worker.
     */
    async claim(): Promise<number[]> {
      const rows = await sql<{ build_id: number }[]>`
        select build_id from claim_builds(${CLAIM_SECONDS}, ${CONFIRMATION_SECONDS}) as build_id`
      return rows.map(({ build_id }) => build_id)
    },

    /** What builds need to start, in no order; those that are no more are left out. */
    async selectToStart(build_ids: number[]): Promise<BuildToStart[]> {
      const rows = await sql`
        select b.build_id, b.build_uuid, b.account_id, b.script_tag, b.created_on, b.branch,
          b.commit_hash, b.settings, b.trigger_uuid,
          r.deleted_on is not null or r.disconnected_on is not null as repo_disconnected,
          jsonb_build_object('repo_connection_uuid', r.repo_connection_uuid,
            'account_id', r.account_id, 'provider_type', r.provider_type,
            'provider_account_id', r.provider_account_id,
            'provider_account_name', r.provider_account_name, 'repo_id', r.repo_id,
            'repo_name', r.repo_name, 'installation_id', r.installation_id,
            'grant_id', r.grant_id, 'disconnect_reason', r.disconnect_reason,
            'given_installation_ids', (
              select coalesce(jsonb_agg(i.installation_id order by i.installation_id), '[]')
              from git_installations i where i.account_id = r.account_id)) as repository,
          a.build_timeout_seconds, t.build_token_uuid, t.build_caching_enabled, t.cache_generation,
          case when k.deleted_on is null then k.build_token_secret_sealed end
            as build_token_secret_sealed,
          (select coalesce(jsonb_object_agg(v.key, v.value_sealed), '{}')
            from environment_variables v
            where v.trigger_uuid = b.trigger_uuid and v.is_secret) as secrets
        from builds b
          join accounts a using (account_id)
          join triggers t using (trigger_uuid)
          join repo_connections r using (repo_connection_uuid)
          join build_tokens k using (build_token_uuid)
        where b.build_id in (select jsonb_array_elements_text(${sql.json(build_ids)})::bigint)`
      return z.array(BuildToStart).parse(rows)
    },

    /**
     * Writes what BuildBuddy knows of its build, and answers what the row says then: another state
     * than the one given when the build had been stopped before, by somebody who may.
     */
    async project({
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

    /**
     * Unfinished builds that should have been over, longest first. Each is given a minute, so that
     * the next call does not hand it out at once.
     */
    async takeOverdue({ limit }: { limit: number }): Promise<OverdueBuild[]> {
      return await sql<OverdueBuild[]>`
        update builds
        set overdue_on = now() + make_interval(secs => ${OVERDUE_AGAIN_SECONDS}),
          overdue_asks = overdue_asks + 1
        where build_id in (
          select build_id from builds
          where overdue_on <= now() and status <> 'stopped'
          order by overdue_on limit ${limit}
          for update skip locked)
        returning build_id, build_uuid, overdue_asks`
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

    /**
     * Failed builds that nobody has scanned in time, oldest first. Each is given some time again,
     * so that the next call does not hand it out at once.
     */
    async takeScansDue({ limit }: { limit: number }): Promise<number[]> {
      const rows = await sql<{ build_id: number }[]>`
        update builds set scan_due_on = now() + make_interval(secs => ${SCAN_GRACE_SECONDS})
        where build_id in (
          select build_id from builds
          where scan_due_on <= now() and build_outcome in ${sql([...FAILED_BUILD_OUTCOMES])}
          order by scan_due_on limit ${limit}
          for update skip locked)
        returning build_id`
      return rows.map((row) => row.build_id)
    },
  }
}
