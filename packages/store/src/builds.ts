import {
  BuildOutcome,
  BuildSettings,
  BuildStatus,
  BuildUuid,
  FailureReason,
  ProviderType,
  SkipReason,
} from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from './sql.ts'

const JsonDate = z.coerce.date()

/** A build with its trigger and repository, as the API tells of it. */
export const BuildRow = z.object({
  build_id: z.int(),
  build_uuid: BuildUuid,
  account_id: z.string(),
  script_tag: z.string(),
  status: BuildStatus,
  build_outcome: BuildOutcome.nullable(),
  failure_reason: FailureReason.nullable(),
  skip_reason: SkipReason.nullable(),
  claimed_on: z.date().nullable(),
  created_on: z.date(),
  modified_on: z.date(),
  initializing_on: z.date().nullable(),
  running_on: z.date().nullable(),
  stopped_on: z.date().nullable(),
  log_deleted_on: z.date().nullable(),
  build_trigger_source: z.string(),
  branch: z.string(),
  commit_hash: z.string(),
  commit_message: z.string(),
  author: z.string(),
  settings: BuildSettings,
  version_id: z.uuid().nullable(),
  preview_url: z.string().nullable(),
  /** The hook that started it; its name stays when it is deleted. */
  deploy_hook_name: z.string().nullable(),
  trigger: z.object({
    trigger_uuid: z.uuid(),
    trigger_name: z.string(),
    build_command: z.string(),
    deploy_command: z.string(),
    root_directory: z.string(),
    branch_includes: z.array(z.string()),
    branch_excludes: z.array(z.string()),
    path_includes: z.array(z.string()),
    path_excludes: z.array(z.string()),
    build_caching_enabled: z.boolean(),
    created_on: JsonDate,
    modified_on: JsonDate,
    deleted_on: JsonDate.nullable(),
  }),
  repo_connection: z.object({
    repo_connection_uuid: z.uuid(),
    repo_id: z.string(),
    repo_name: z.string(),
    provider_type: ProviderType,
    provider_account_id: z.string(),
    provider_account_name: z.string(),
    created_on: JsonDate,
    modified_on: JsonDate,
    deleted_on: JsonDate.nullable(),
  }),
})
export type BuildRow = z.infer<typeof BuildRow>

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

/** A build that is asked for again. */
export type CheckedBuildRow = Pick<
  BuildRow,
  'build_id' | 'status' | 'branch' | 'commit_hash' | 'commit_message' | 'author'
> & { trigger_uuid: string }

/** One push to a branch, as far as the order of pushes depends on it. */
export type PushRow = {
  build_id: number
  build_uuid: string
  created_on: Date
  status: BuildStatus
  commit_hash: string
  push_before: string | null
  pushed_on: Date
}

export type BuildStore = ReturnType<typeof buildStore>

/** Builds as the API and webhooks see them. */
export function buildStore(sql: Sql) {
  const selectBuilds = sql`
    select b.*, to_jsonb(t) as trigger, to_jsonb(r) - 'webhook_secret_sealed' as repo_connection,
      h.deploy_hook_name
    from builds b
      join triggers t using (trigger_uuid)
      join repo_connections r using (repo_connection_uuid)
      left join deploy_hooks h using (deploy_hook_uuid)`

  return {
    /** Queues a build, or records at once that it was skipped. */
    async insert(
      build: NewBuild,
      skip_reason: SkipReason | null = null,
    ): Promise<{ build_id: number; build_uuid: string }> {
      const [row] = await sql<{ build_id: number; build_uuid: string }[]>`
        insert into builds (account_id, script_tag, trigger_uuid, webhook_delivery_id,
          build_trigger_source, branch, commit_hash, commit_message, author, push_before, pushed_on,
          settings, deploy_hook_uuid, retried_build_id, status, build_outcome, skip_reason, stopped_on)
        values (${build.account_id}, ${build.script_tag}, ${build.trigger_uuid},
          ${build.webhook_delivery_id}, ${build.build_trigger_source}, ${build.branch},
          ${build.commit_hash}, ${build.commit_message}, ${build.author}, ${build.push_before},
          ${build.pushed_on}, ${sql.json(build.settings)}, ${build.deploy_hook_uuid ?? null},
          ${build.retried_build_id ?? null},
          ${skip_reason ? 'stopped' : 'queued'},
          ${skip_reason ? 'skipped' : null}, ${skip_reason}, ${skip_reason ? sql`now()` : null})
        returning build_id, build_uuid`
      if (row === undefined) throw new Error('an insert into builds returned no row')
      return row
    },

    /** The latest pushes to a branch that made builds, newest first. */
    async selectPushes({ trigger_uuid, branch }: { trigger_uuid: string; branch: string }) {
      return await sql<PushRow[]>`
        select build_id, build_uuid, created_on, status, commit_hash, push_before, pushed_on
        from builds
        where trigger_uuid = ${trigger_uuid} and branch = ${branch} and pushed_on is not null
        order by build_id desc
        limit 100`
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

    /** Skips queued builds of a push whose branch was deleted where that push had left it. */
    async skipDeletedBranch(branch: {
      repo_connection_uuid: string
      branch: string
      commit_hash: string
    }): Promise<number> {
      const rows = await sql`
        update builds b
        set status = 'stopped', build_outcome = 'skipped', skip_reason = 'branch_deleted',
          stopped_on = now(), modified_on = now()
        from triggers t
        where t.trigger_uuid = b.trigger_uuid
          and t.repo_connection_uuid = ${branch.repo_connection_uuid}
          and b.branch = ${branch.branch} and b.commit_hash = ${branch.commit_hash}
          and b.pushed_on is not null and b.status = 'queued' and b.claimed_on is null
        returning b.build_id`
      return rows.length
    },

    /**
     * The builds of a repository that a check at the provider stands for: the one that it names,
     * or each trigger's newest of a commit.
     */
    async selectChecked(check: {
      repo_connection_uuid: string
      build_uuid: string | null
      commit_hash: string
    }) {
      return await sql<CheckedBuildRow[]>`
        select distinct on (b.trigger_uuid) b.build_id, b.trigger_uuid, b.status, b.branch,
          b.commit_hash, b.commit_message, b.author
        from builds b join triggers t using (trigger_uuid)
        where t.repo_connection_uuid = ${check.repo_connection_uuid} and t.deleted_on is null
          and b.commit_hash = ${check.commit_hash}
          and (${check.build_uuid}::uuid is null or b.build_uuid = ${check.build_uuid})
          and b.build_outcome is distinct from 'skipped'
        order by b.trigger_uuid, b.build_id desc`
    },

    /** A build of an account; undefined when it has none of this name. */
    async selectByUuid(build: {
      account_id: string
      build_uuid: string
    }): Promise<BuildRow | undefined> {
      const [row] = await sql`
        ${selectBuilds}
        where b.account_id = ${build.account_id} and b.build_uuid = ${build.build_uuid}`
      return row && BuildRow.parse(row)
    },

    /** One page of a Worker's builds, newest first, and how many there are in all. */
    async selectPageByWorker(page: {
      account_id: string
      script_tag: string
      page: number
      per_page: number
    }): Promise<{ builds: BuildRow[]; total_count: number }> {
      const [rows, [total]] = await Promise.all([
        sql`
          ${selectBuilds}
          where b.script_tag = ${page.script_tag} and b.account_id = ${page.account_id}
          order by b.build_id desc
          limit ${page.per_page} offset ${(page.page - 1) * page.per_page}`,
        sql<{ total_count: number }[]>`
          select count(*) as total_count from builds
          where script_tag = ${page.script_tag} and account_id = ${page.account_id}`,
      ])
      return { builds: z.array(BuildRow).parse(rows), total_count: total?.total_count ?? 0 }
    },

    /** The newest build of each of these Workers that has one. */
    async selectLatest(workers: {
      account_id: string
      script_tags: string[]
    }): Promise<BuildRow[]> {
      const rows = await sql`
        ${selectBuilds}
        where b.account_id = ${workers.account_id} and b.build_id in (
          select (select max(build_id) from builds where script_tag = w.script_tag)
          from workers w where w.script_tag in ${sql(workers.script_tags)})`
      return z.array(BuildRow).parse(rows)
    },

    /** The builds that uploaded these versions; the newest, should one be told of twice. */
    async selectByVersions(versions: {
      account_id: string
      version_ids: string[]
    }): Promise<BuildRow[]> {
      const rows = await sql`
        ${selectBuilds}
        where b.account_id = ${versions.account_id} and b.build_id in (
          select max(build_id) from builds
          where version_id in ${sql(versions.version_ids)} and account_id = ${versions.account_id}
          group by version_id)`
      return z.array(BuildRow).parse(rows)
    },

    /** The builds of these numbers or names that the account has, in order. */
    async selectByUuids(builds: {
      account_id: string
      build_uuids: string[]
    }): Promise<BuildRow[]> {
      const rows = await sql`
        ${selectBuilds}
        where b.account_id = ${builds.account_id} and b.build_uuid in ${sql(builds.build_uuids)}
        order by b.build_id`
      return z.array(BuildRow).parse(rows)
    },

    /** Whether the account has a Worker of this tag, deleted or not. */
    async hasWorker(worker: { account_id: string; script_tag: string }): Promise<boolean> {
      const rows = await sql`
        select from workers
        where script_tag = ${worker.script_tag} and account_id = ${worker.account_id}`
      return rows.length > 0
    },

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
  }
}
