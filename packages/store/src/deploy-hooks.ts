import { BuildStatus } from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from './sql.ts'

export const DeployHookRow = z.object({
  deploy_hook_uuid: z.uuid(),
  account_id: z.string(),
  script_tag: z.string(),
  deploy_hook_name: z.string(),
  branch: z.string(),
  created_on: z.date(),
  modified_on: z.date(),
})
export type DeployHookRow = z.infer<typeof DeployHookRow>

const ListedDeployHookRow = DeployHookRow.extend({ latest_build_on: z.date().nullable() })
export type ListedDeployHookRow = z.infer<typeof ListedDeployHookRow>

/** A build that a hook started. */
export const DeployHookBuild = z.object({
  build_uuid: z.uuid(),
  status: BuildStatus,
  created_on: z.date(),
})
export type DeployHookBuild = z.infer<typeof DeployHookBuild>

/** The most calls a minute that start a build. */
export const DEPLOY_HOOK_LIMITS = { worker: 10, account: 100, seconds: 60 } as const

/** A call that has not resolved its branch's head by then has died. */
const RESOLVE_SECONDS = 20

type Named = { account_id: string; script_tag: string; deploy_hook_uuid: string }

export type DeployHookStore = ReturnType<typeof deployHookStore>

/** Deploy hooks and their calls. */
export function deployHookStore(sql: Sql) {
  const columns = sql`
    deploy_hook_uuid, account_id, script_tag, deploy_hook_name, branch, created_on, modified_on`
  const live = (hook: Named) => sql`
    deploy_hook_uuid = ${hook.deploy_hook_uuid} and script_tag = ${hook.script_tag}
    and account_id = ${hook.account_id} and deleted_on is null`

  return {
    /** A Worker's hooks, oldest first. */
    async selectByWorker(script_tag: string): Promise<ListedDeployHookRow[]> {
      const rows = await sql`
        select ${columns}, (
          select b.created_on from builds b
          where b.deploy_hook_uuid = h.deploy_hook_uuid
          order by b.build_id desc limit 1) as latest_build_on
        from deploy_hooks h
        where script_tag = ${script_tag} and deleted_on is null
        order by created_on, deploy_hook_uuid`
      return z.array(ListedDeployHookRow).parse(rows)
    },

    async select(hook: Named): Promise<DeployHookRow | undefined> {
      const [row] = await sql`select ${columns} from deploy_hooks where ${live(hook)}`
      return row && DeployHookRow.parse(row)
    },

    async insert(
      hook: Pick<DeployHookRow, 'account_id' | 'script_tag' | 'deploy_hook_name' | 'branch'>,
    ): Promise<DeployHookRow> {
      const [row] = await sql`insert into deploy_hooks ${sql(hook)} returning ${columns}`
      return DeployHookRow.parse(row)
    },

    async update(
      hook: Named & Pick<DeployHookRow, 'deploy_hook_name' | 'branch'>,
    ): Promise<DeployHookRow | undefined> {
      const [row] = await sql`
        update deploy_hooks
        set deploy_hook_name = ${hook.deploy_hook_name}, branch = ${hook.branch},
          modified_on = now()
        where ${live(hook)}
        returning ${columns}`
      return row && DeployHookRow.parse(row)
    },

    /** Whether there was such a hook; its builds keep its name. */
    async delete(hook: Named): Promise<boolean> {
      const rows = await sql`
        update deploy_hooks set deleted_on = now(), modified_on = now()
        where ${live(hook)} returning deploy_hook_uuid`
      return rows.length > 0
    },

    /**
     * The hook, locked until the transaction ends; undefined when it or its Worker is gone.
     * `resolving`: another call is asking the Git provider for the branch's head.
     */
    async lock(
      deploy_hook_uuid: string,
    ): Promise<(DeployHookRow & { resolving: boolean }) | undefined> {
      const [row] = await sql`
        select h.*, coalesce(h.resolving_until > clock_timestamp(), false) as resolving
        from deploy_hooks h join workers w using (script_tag)
        where h.deploy_hook_uuid = ${deploy_hook_uuid}
          and h.deleted_on is null and w.deleted_on is null
        for update of h`
      return row && DeployHookRow.extend({ resolving: z.boolean() }).parse(row)
    },

    /** The hook's build that has not begun to run yet. */
    async selectWaitingBuild(deploy_hook_uuid: string): Promise<DeployHookBuild | undefined> {
      const [row] = await sql`
        select build_uuid, status, created_on from builds
        where deploy_hook_uuid = ${deploy_hook_uuid} and status in ('queued', 'initializing')
        order by build_id desc limit 1`
      return row && DeployHookBuild.parse(row)
    },

    /**
     * Counts a call that starts a build; returns null when it may, or after how many seconds the
     * Worker and the account have room again. Calls of one account are counted one after the
     * other: this locks its quota until the transaction ends.
     */
    async takeQuota(hook: { account_id: string; script_tag: string }): Promise<number | null> {
      const { account_id, script_tag } = hook
      const { worker, account, seconds } = DEPLOY_HOOK_LIMITS
      await sql`insert into deploy_hook_quotas ${sql({ account_id })} on conflict do nothing`
      await sql`select from deploy_hook_quotas where account_id = ${account_id} for update`
      // In a statement of its own, so that it sees what was counted while it waited for the lock.
      await sql`
        delete from deploy_hook_runs
        where account_id = ${account_id}
          and started_on <= clock_timestamp() - make_interval(secs => ${seconds})`
      const [full] = await sql<{ seconds: number | null }[]>`
        select ceil(extract(epoch from max(started_on) - clock_timestamp()) + ${seconds})::float8
          as seconds
        from (
          (select started_on from deploy_hook_runs
            where account_id = ${account_id} and script_tag = ${script_tag}
            order by started_on desc offset ${worker - 1} limit 1)
          union all
          (select started_on from deploy_hook_runs
            where account_id = ${account_id}
            order by started_on desc offset ${account - 1} limit 1)
        ) as oldest_that_counts`
      if (full !== undefined && full.seconds !== null) return Math.max(1, full.seconds)
      await sql`
        insert into deploy_hook_runs (account_id, script_tag, started_on)
        values (${account_id}, ${script_tag}, clock_timestamp())`
      return null
    },

    /** Records that a call is asking for the branch's head, or that it has finished. */
    async setResolving(deploy_hook_uuid: string, resolving: boolean): Promise<void> {
      const until = resolving
        ? sql`clock_timestamp() + make_interval(secs => ${RESOLVE_SECONDS})`
        : null
      await sql`
        update deploy_hooks set resolving_until = ${until}
        where deploy_hook_uuid = ${deploy_hook_uuid}`
    },
  }
}
