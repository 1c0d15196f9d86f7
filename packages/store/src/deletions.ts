import type { Sql } from './sql.ts'

/** A Worker, or with no `script_tag` a whole account, that is to be erased. */
export type DeletionTarget = { account_id: string; script_tag: string | null }

/** How far an erasure is. */
export type Deletion = DeletionTarget & { requested_on: Date; builds_left: number }

export type DeletionStore = ReturnType<typeof deletionStore>

/**
 * Erasing Workers and accounts. Asking for it takes their secrets and their access at once, in one
 * transaction, and leaves a row in `deletions`. Scheduler then works off the builds, each one's
 * BuildBuddy first and its row after, so that no log is left that no row leads to; the target's
 * own row goes last, and the row in `deletions` with it. So it may be interrupted anywhere.
 */
export function deletionStore(sql: Sql) {
  const ofTarget = ({ account_id, script_tag }: DeletionTarget) =>
    sql`w.account_id = ${account_id} and (w.script_tag = ${script_tag} or ${script_tag}::text is null)`

  return {
    /**
     * Asks for a Worker's builds, settings and variables to be erased; undefined when the account
     * has no such Worker. Asking again only tells how far it is.
     */
    async requestWorker(target: {
      account_id: string
      script_tag: string
    }): Promise<Deletion | undefined> {
      return await request(target)
    },

    /**
     * Asks for an account to be erased with all that it has; undefined when there is none. Its API
     * tokens open nothing from then on, and its Git hosts' webhooks find no connection.
     */
    async requestAccount({ account_id }: { account_id: string }): Promise<Deletion | undefined> {
      return await request({ account_id, script_tag: null })
    },

    /**
     * Builds of what is to be erased, in order, after `after`. One that was never claimed has no
     * BuildBuddy. Scheduler asks at each pass: with nothing to erase, no build may be looked at.
     */
    async selectBuilds({ after, limit }: { after: number; limit: number }) {
      return await sql<{ build_id: number; claimed: boolean }[]>`
        select distinct b.build_id, b.claimed_on is not null as claimed
        from deletions d
          join workers w on w.account_id = d.account_id
            and (w.script_tag = d.script_tag or d.script_tag is null)
          cross join lateral (
            select build_id, claimed_on from builds
            where script_tag = w.script_tag and build_id > ${after}
            order by build_id
            limit ${limit}
          ) b
        order by b.build_id
        limit ${limit}`
    },

    /**
     * Deletes the rows of builds and all that hangs on them. Locks the builds in the order in which
     * `buildErrorScans` locks them, so that a scan of some of them waits, or is waited for.
     */
    async deleteBuilds(build_ids: number[]): Promise<void> {
      if (build_ids.length === 0) return
      const ofBuilds = sql`build_id in ${sql(build_ids)}`
      await sql.begin((tx) => [
        tx`select from builds where ${ofBuilds} order by build_id for update`,
        tx`delete from builds where ${ofBuilds}`,
      ])
    },

    /** Deletes the targets that have no build left; answers how many are to be erased still. */
    async finish(): Promise<{ left: number }> {
      const targets = await sql<DeletionTarget[]>`
        select account_id, script_tag from deletions order by script_tag nulls last, deletion_id`
      for (const target of targets) await deleteTarget(target)
      const [row] = await sql<{ left: number }[]>`select count(*) as left from deletions`
      return { left: row?.left ?? 0 }
    },
  }

  async function request(target: DeletionTarget): Promise<Deletion | undefined> {
    const { account_id, script_tag } = target
    const found = await sql.begin(async (tx) => {
      const [row] = await tx`
        select from accounts a left join workers w
          on w.account_id = a.account_id and w.script_tag = ${script_tag}
        where a.account_id = ${account_id}
          and (w.script_tag is not null or ${script_tag}::text is null)`
      if (row === undefined) return false
      await tx`
        insert into deletions (account_id, script_tag) values (${account_id}, ${script_tag})
        on conflict do nothing`
      // Pushes lock triggers first, too: one that is under way is over before the next line.
      await tx`
        update triggers t set deleted_on = coalesce(t.deleted_on, now())
        from workers w where w.script_tag = t.script_tag and ${ofTarget(target)}`
      await tx`
        update workers w set deleted_on = coalesce(w.deleted_on, now()) where ${ofTarget(target)}`
      await tx`
        delete from environment_variables v using triggers t, workers w
        where t.trigger_uuid = v.trigger_uuid and w.script_tag = t.script_tag
          and ${ofTarget(target)}`
      if (script_tag === null) {
        await tx`
          update build_tokens
          set build_token_secret_sealed = '', deleted_on = coalesce(deleted_on, now())
          where account_id = ${account_id}`
        await tx`
          update repo_connections
          set webhook_secret_sealed = '', deleted_on = coalesce(deleted_on, now())
          where account_id = ${account_id}`
        await tx`
          delete from api_tokens t
          where not is_platform
            and exists (select from api_token_accounts a
              where a.api_token_uuid = t.api_token_uuid and a.account_id = ${account_id})
            and not exists (select from api_token_accounts a
              where a.api_token_uuid = t.api_token_uuid and a.account_id <> ${account_id})`
        await tx`delete from api_token_accounts where account_id = ${account_id}`
      }
      return true
    })
    return found ? await select(target) : undefined
  }

  async function select(target: DeletionTarget): Promise<Deletion | undefined> {
    const [row] = await sql<Deletion[]>`
      select d.account_id, d.script_tag, d.requested_on,
        (select count(*) from builds b join workers w using (script_tag)
          where ${ofTarget(target)}) as builds_left
      from deletions d
      where d.account_id = ${target.account_id}
        and d.script_tag is not distinct from ${target.script_tag}`
    return row
  }

  /** Nothing happens while a build is left. */
  async function deleteTarget(target: DeletionTarget): Promise<void> {
    const { account_id, script_tag } = target
    await sql.begin(async (tx) => {
      // Locked in the order in which a push locks, so that none adds a build meanwhile.
      await tx`
        select from triggers t join workers w using (script_tag)
        where ${ofTarget(target)} order by t.trigger_uuid for update of t`
      await tx`
        select from workers w where ${ofTarget(target)} order by w.script_tag for update`
      const left = await tx`
        select from builds b join workers w using (script_tag) where ${ofTarget(target)} limit 1`
      if (left.length > 0) return
      if (script_tag === null) {
        await tx`
          update backfills set account_ids = account_ids - ${account_id}::text
          where account_ids @> ${tx.json([account_id])}`
        await tx`delete from accounts where account_id = ${account_id}`
        return
      }
      // Locked before it is asked who else uses them: the answer is true until the end.
      const connections = await tx<{ repo_connection_uuid: string }[]>`
        select repo_connection_uuid from repo_connections
        where repo_connection_uuid in (
          select repo_connection_uuid from triggers where script_tag = ${script_tag})
        order by repo_connection_uuid for update`
      await tx`delete from workers where script_tag = ${script_tag}`
      for (const { repo_connection_uuid } of connections) {
        await tx`
          delete from repo_connections r
          where r.repo_connection_uuid = ${repo_connection_uuid}
            and not exists (
              select from triggers t where t.repo_connection_uuid = r.repo_connection_uuid)`
      }
    })
  }
}
