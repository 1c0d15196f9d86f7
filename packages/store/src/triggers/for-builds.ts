import { BuildSettings, TriggerSettings } from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from '../sql.ts'
import { settingsOfNow } from './settings-of-now.ts'

/** What decides whether a push is built, and with which settings. */
export const TriggerForPush = TriggerSettings.pick({
  branch_includes: true,
  branch_excludes: true,
  path_includes: true,
  path_excludes: true,
  builds_enabled: true,
}).extend({
  trigger_uuid: z.uuid(),
  repo_connection_uuid: z.uuid(),
  account_id: z.string(),
  script_tag: z.string(),
  script_name: z.string(),
  settings: BuildSettings,
})
export type TriggerForPush = z.infer<typeof TriggerForPush>

/** Triggers as the builds that they start need them. */
export function forBuildsStatements(sql: Sql) {
  const selectTriggers = sql`
    select t.trigger_uuid, t.repo_connection_uuid, t.branch_includes, t.branch_excludes,
      t.path_includes, t.path_excludes, t.builds_enabled, w.account_id, w.script_tag, w.script_name,
      ${settingsOfNow(sql)} as settings
    from triggers t
      join workers w using (script_tag)
      join repo_connections r using (repo_connection_uuid)
      join build_tokens k using (build_token_uuid)`

  return {
    /**
     * The live triggers of a repository, with the settings of this moment. They stay locked until
     * the transaction ends, so that pushes to one branch are put in order one after the other.
     */
    async lockForPush(repo_connection_uuid: string): Promise<TriggerForPush[]> {
      const rows = await sql`
        ${selectTriggers}
        where t.repo_connection_uuid = ${repo_connection_uuid}
          and t.deleted_on is null and w.deleted_on is null
        order by t.trigger_uuid
        for update of t`
      return z.array(TriggerForPush).parse(rows)
    },

    /**
     * A live trigger of an account, with the settings of this moment. It stays locked until the
     * transaction ends, so that nobody deletes what a build is queued with meanwhile.
     */
    async lockForBuild(trigger: {
      account_id: string
      trigger_uuid: string
    }): Promise<TriggerForPush | undefined> {
      const [row] = await sql`
        ${selectTriggers}
        where t.trigger_uuid = ${trigger.trigger_uuid} and w.account_id = ${trigger.account_id}
          and t.deleted_on is null and w.deleted_on is null
        for update of t`
      return row && TriggerForPush.parse(row)
    },

    /** A Worker's live triggers, with the settings of this moment. */
    async selectForDeployHook(script_tag: string): Promise<TriggerForPush[]> {
      const rows = await sql`
        ${selectTriggers}
        where t.script_tag = ${script_tag} and t.deleted_on is null and w.deleted_on is null
          and r.deleted_on is null
        order by t.created_on, t.trigger_uuid`
      return z.array(TriggerForPush).parse(rows)
    },
  }
}
