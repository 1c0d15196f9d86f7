import { type BuildSettings, QUEUED, type SkipReason, transition } from '@workers-builds/contracts'
import type { Sql } from '../sql.ts'

/** A build to be queued. */
export type NewBuild = {
  account_id: string
  script_tag: string
  trigger_uuid: string
  webhook_delivery_id: number | null
  build_trigger_source: string
  branch: string
  commit_hash: string
  commit_message: string
  author: string
  push_before: string | null
  pushed_on: Date | null
  settings: BuildSettings
  deploy_hook_uuid?: string
  /** The build that this one does over. */
  retried_build_id?: number
}

/** How a build comes to be. */
export function queueStatements(sql: Sql) {
  return {
    /** Queues a build, or records at once that it was skipped. */
    async insert(
      build: NewBuild,
      skip_reason: SkipReason | null = null,
    ): Promise<{ build_id: number; build_uuid: string }> {
      const state = skip_reason ? transition(QUEUED, { type: 'skipped' }) : QUEUED
      const [row] = await sql<{ build_id: number; build_uuid: string }[]>`
        insert into builds (account_id, script_tag, trigger_uuid, webhook_delivery_id,
          build_trigger_source, branch, commit_hash, commit_message, author, push_before, pushed_on,
          settings, deploy_hook_uuid, retried_build_id, status, build_outcome, skip_reason, stopped_on)
        values (${build.account_id}, ${build.script_tag}, ${build.trigger_uuid},
          ${build.webhook_delivery_id}, ${build.build_trigger_source}, ${build.branch},
          ${build.commit_hash}, ${build.commit_message}, ${build.author}, ${build.push_before},
          ${build.pushed_on}, ${sql.json(build.settings)}, ${build.deploy_hook_uuid ?? null},
          ${build.retried_build_id ?? null},
          ${state.status}, ${state.build_outcome}, ${skip_reason},
          ${skip_reason ? sql`now()` : null})
        returning build_id, build_uuid`
      if (row === undefined) throw new Error('an insert into builds returned no row')
      return row
    },
  }
}
