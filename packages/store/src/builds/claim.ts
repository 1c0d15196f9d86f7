import { BuildSettings } from '@workers-builds/contracts'
import { z } from 'zod'
import { ConnectedRepository } from '../repo-connections/repository.ts'
import type { Sql } from '../sql.ts'
import { settingsOfNow } from '../triggers/settings-of-now.ts'
import { CLAIM_SECONDS, CONFIRMATION_SECONDS } from './durations.ts'

/** All that BuildBuddy needs to start a build; sealed values are opened by their reader. */
export const BuildToStart = z.object({
  build_id: z.int(),
  build_uuid: z.uuid(),
  account_id: z.string(),
  script_tag: z.string(),
  script_name: z.string(),
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
  plan: z.enum(['free', 'paid']),
  /** The image that its trigger asks for. */
  trigger_build_image: z.string().nullable(),
  /** The image that its account asks for. */
  account_build_image: z.string().nullable(),
  repo_disconnected: z.boolean(),
  /** With the installations of the GitHub App that its account was given. */
  repository: ConnectedRepository.extend({ given_installation_ids: z.array(z.string()) }),
  /** Sealed values of the secret variables. */
  secrets: z.record(z.string(), z.string()),
})
export type BuildToStart = z.infer<typeof BuildToStart>

/** Which builds are started, and what they need for it. */
export function claimStatements(sql: Sql) {
  return {
    /**
     * Claims builds to start: at most as many per account as its concurrency leaves free, the
     * oldest first, one per trigger and branch, and again those whose claim nobody confirmed. A
     * build without a branch takes its turn among all builds of its trigger. They come in turns, the first of every account before the second of any. None is of a deleted Worker.
     * How: `sql/claim_builds.sql`.
     */
    async claim(): Promise<number[]> {
      const rows = await sql<{ build_id: number }[]>`
        select build_id from claim_builds(${CLAIM_SECONDS}, ${CONFIRMATION_SECONDS}) as build_id`
      return rows.map(({ build_id }) => build_id)
    },

    /**
     * Gives builds that are about to start the settings of this moment, and returns all that they
     * need, in no order; builds that were deleted are left out. It is one statement, so that
     * variables, secrets, token and commands are of one state, which the build shows from now on.
     */
    async prepareStart(build_ids: number[]): Promise<BuildToStart[]> {
      const rows = await sql`
        with starting as (
          select build_id from builds
          where build_id in (select jsonb_array_elements_text(${sql.json(build_ids)})::bigint)
            and status in ('queued', 'initializing')
          order by build_id
          for no key update
        ), renewed as (
          update builds b set settings = ${settingsOfNow(sql)}
          from triggers t
            join repo_connections r using (repo_connection_uuid)
            join build_tokens k using (build_token_uuid)
          where t.trigger_uuid = b.trigger_uuid and b.build_id in (select build_id from starting)
          returning b.build_id, b.settings
        )
        select b.build_id, b.build_uuid, b.account_id, b.script_tag, w.script_name, b.created_on,
          b.branch, b.commit_hash, coalesce(n.settings, b.settings) as settings, b.trigger_uuid,
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
          a.build_timeout_seconds, a.plan, a.build_image as account_build_image,
          t.build_image as trigger_build_image, t.build_token_uuid, t.build_caching_enabled, t.cache_generation,
          case when k.deleted_on is null then k.build_token_secret_sealed end
            as build_token_secret_sealed,
          (select coalesce(jsonb_object_agg(v.key, v.value_sealed), '{}')
            from environment_variables v
            where v.trigger_uuid = b.trigger_uuid and v.is_secret) as secrets
        from builds b
          left join renewed n using (build_id)
          join accounts a using (account_id)
          join workers w on w.script_tag = b.script_tag
          join triggers t using (trigger_uuid)
          join repo_connections r using (repo_connection_uuid)
          join build_tokens k using (build_token_uuid)
        where b.build_id in (select jsonb_array_elements_text(${sql.json(build_ids)})::bigint)`
      return z.array(BuildToStart).parse(rows)
    },
  }
}
