import type { BuildStatus, SkipReason, Step } from '@workers-builds/contracts'
import { z } from 'zod'
import type { Fragment, Sql } from '../sql.ts'
import { BuildRow } from './row.ts'

/** A build that is asked for again. */
export type CheckedBuildRow = Pick<
  BuildRow,
  'build_id' | 'status' | 'branch' | 'commit_hash' | 'commit_message' | 'author'
> & { trigger_uuid: string }

/** One push to a branch, as far as the order of pushes depends on it. */
export type PushRow = {
  build_id: number
  build_uuid: string
  trigger_uuid: string
  created_on: Date
  status: BuildStatus
  skip_reason: SkipReason | null
  commit_hash: string
  push_before: string | null
  pushed_on: Date
}

/** A page with more ends early: an isolate has 128 MB for many requests. */
const PAGE_BYTES = 4 * 1024 * 1024

/** How many builds one search looks at: so many are read in some ten milliseconds. */
const SEARCHED_BUILDS = 5_000

/** What builds are looked for: those that have all that is given. */
export type BuildSearch = {
  account_id: string
  script_tag?: string | undefined
  statuses?: string[] | undefined
  /** Outcomes of stopped builds. */
  outcomes?: string[] | undefined
  failure_reasons?: string[] | undefined
  /** Causes of detected errors. */
  causes?: string[] | undefined
  sources?: string[] | undefined
  branches?: string[] | undefined
  author?: string | undefined
  created_after?: Date | undefined
  created_before?: Date | undefined
  /** Part of a commit message in any case, or the beginning of a commit's hash. */
  text?: string | undefined
}

/** Builds as the API and webhooks see them. */
export function readStatements(sql: Sql) {
  const selectBuilds = sql`
    select b.*, to_jsonb(t) as trigger, to_jsonb(r) - 'webhook_secret_sealed' as repo_connection,
      h.deploy_hook_name
    from builds b
      join triggers t using (trigger_uuid)
      join repo_connections r using (repo_connection_uuid)
      left join deploy_hooks h using (deploy_hook_uuid)`

  /** The first builds of `page`, newest first, whose rows fit into `PAGE_BYTES`; always the first one. */
  const selectPage = (page: Fragment) => sql`
    with page as (${page}), sized as (
      select p.build_id, count(*) over () as on_page, row_number() over newest as place,
        sum(octet_length(p.settings::text) + octet_length(to_jsonb(t)::text)
          + octet_length(p.commit_message)) over newest as bytes
      from page p join triggers t using (trigger_uuid)
      window newest as (order by p.build_id desc)
    )
    select page.*, s.on_page
    from (${selectBuilds}) page join sized s using (build_id)
    where s.bytes <= ${PAGE_BYTES} or s.place = 1
    order by build_id desc`

  const matches = (search: BuildSearch) => {
    const { text = null, author = null, created_after = null, created_before = null } = search
    const hasCause =
      search.causes === undefined
        ? sql``
        : sql`and exists (
            select from build_errors e
            where e.build_id = b.build_id and e.cause in ${sql(search.causes)})`
    const isOneOf = (column: Fragment, values: string[] | undefined) =>
      values === undefined ? sql`` : sql`and ${column} in ${sql(values)}`
    return sql`
      true
      ${isOneOf(sql`b.status`, search.statuses)}
      ${isOneOf(sql`b.build_outcome`, search.outcomes)}
      ${isOneOf(sql`b.failure_reason`, search.failure_reasons)}
      ${isOneOf(sql`b.build_trigger_source`, search.sources)}
      ${isOneOf(sql`b.branch`, search.branches)}
      and (${author}::text is null or b.author = ${author})
      and (${created_after}::timestamptz is null or b.created_on >= ${created_after})
      and (${created_before}::timestamptz is null or b.created_on < ${created_before})
      and (${text}::text is null or starts_with(b.commit_hash, lower(${text}))
        or position(lower(${text}) in lower(b.commit_message)) > 0)
      ${hasCause}`
  }

  return {
    /** Each trigger's pushes to a branch that made builds, the last 100, latest receipt first. */
    async selectPushes({ trigger_uuids, branch }: { trigger_uuids: string[]; branch: string }) {
      if (trigger_uuids.length === 0) return []
      return await sql<PushRow[]>`
        select p.*
        from triggers t cross join lateral (
          select build_id, build_uuid, trigger_uuid, created_on, status, skip_reason, commit_hash,
            push_before, pushed_on
          from builds
          where trigger_uuid = t.trigger_uuid and branch = ${branch} and pushed_on is not null
          order by build_id desc
          limit 100) p
        where t.trigger_uuid in ${sql(trigger_uuids)}
        order by p.build_id desc`
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

    /** A build of an account; undefined when it has no such build. */
    async selectByUuid(build: {
      account_id: string
      build_uuid: string
    }): Promise<BuildRow | undefined> {
      const [row] = await sql`
        ${selectBuilds}
        where b.account_id = ${build.account_id} and b.build_uuid = ${build.build_uuid}`
      return row && BuildRow.parse(row)
    },

    /** What a build has done so far, in order. */
    async selectSteps(build_id: number) {
      return await sql<
        { step: Step; started_on: Date; ended_on: Date | null; exit_code: number | null }[]
      >`
        select step, started_on, ended_on, exit_code from build_steps
        where build_id = ${build_id} order by started_on, ended_on`
    },

    /**
     * One page of a Worker's builds, newest first, and how many there are in all. A page of large
     * builds ends early, so that it fits into memory; `left_out` is how many are missing.
     */
    async selectPageByWorker(page: {
      account_id: string
      script_tag: string
      page: number
      per_page: number
    }): Promise<{ builds: BuildRow[]; total_count: number; left_out: number }> {
      const [rows, [total]] = await Promise.all([
        selectPage(sql`
          select build_id, trigger_uuid, settings, commit_message from builds
          where script_tag = ${page.script_tag} and account_id = ${page.account_id}
          order by build_id desc
          limit ${page.per_page} offset ${(page.page - 1) * page.per_page}`),
        sql<{ total_count: number }[]>`
          select count(*) as total_count from builds
          where script_tag = ${page.script_tag} and account_id = ${page.account_id}`,
      ])
      const builds = z.array(BuildRow).parse(rows)
      const left_out = (rows[0]?.['on_page'] ?? 0) - builds.length
      return { builds, total_count: total?.total_count ?? 0, left_out }
    },

    /**
     * The account's builds before `before` that match, newest first, at most `limit`. Looks at a bounded
     * number of builds: from `next` on there may be more; null when all were looked at.
     */
    async search(
      search: BuildSearch & { before: number | null; limit: number },
    ): Promise<{ builds: BuildRow[]; next: number | null }> {
      const { account_id, script_tag = null, before, limit } = search
      const isSearched = sql`
        b.account_id = ${account_id}
        and (${script_tag}::text is null or b.script_tag = ${script_tag})
        and (${before}::bigint is null or b.build_id < ${before})`
      const [end] = await sql<{ oldest: number | null; count: number }[]>`
        select min(build_id) as oldest, count(*) as count from (
          select b.build_id from builds b where ${isSearched}
          order by b.build_id desc limit ${SEARCHED_BUILDS}) b`
      const rows = await selectPage(sql`
        select b.build_id, b.trigger_uuid, b.settings, b.commit_message from builds b
        where ${isSearched} and b.build_id >= ${end?.oldest ?? 0} and ${matches(search)}
        order by b.build_id desc
        limit ${limit}`)
      const builds = z.array(BuildRow).parse(rows)
      const isWhole = builds.length < limit && builds.length === (rows[0]?.['on_page'] ?? 0)
      if (!isWhole) return { builds, next: builds.at(-1)?.build_id ?? null }
      return { builds, next: end?.count === SEARCHED_BUILDS ? end.oldest : null }
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

    /** The builds that uploaded these versions; of two builds with one version the newer. */
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
  }
}
