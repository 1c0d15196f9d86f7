import type { Sql } from '../sql.ts'
import { type DeletionTarget, isOfTarget } from './target.ts'

/** How far an erasure is. */
export type Deletion = DeletionTarget & { requested_on: Date; builds_left: number }

/**
 * Takes the secrets and the access of a Worker or an account in one transaction, and leaves a row in
 * `deletions`; undefined when there is none. Asked for again, it only reports how far the erasure is.
 */
export async function requestDeletion(
  sql: Sql,
  target: DeletionTarget,
): Promise<Deletion | undefined> {
  const ofTarget = isOfTarget(sql, target)
  const { account_id, script_tag } = target
  const isThere = await sql.begin(async (tx) => {
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
      from workers w where w.script_tag = t.script_tag and ${ofTarget}`
    await tx`
      update workers w set deleted_on = coalesce(w.deleted_on, now()) where ${ofTarget}`
    await tx`
      delete from environment_variables v using triggers t, workers w
      where t.trigger_uuid = v.trigger_uuid and w.script_tag = t.script_tag
        and ${ofTarget}`
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
  return isThere ? await selectDeletion(sql, target) : undefined
}

async function selectDeletion(sql: Sql, target: DeletionTarget): Promise<Deletion | undefined> {
  const [row] = await sql<Deletion[]>`
    select d.account_id, d.script_tag, d.requested_on,
      (select count(*) from builds b join workers w using (script_tag)
        where ${isOfTarget(sql, target)}) as builds_left
    from deletions d
    where d.account_id = ${target.account_id}
      and d.script_tag is not distinct from ${target.script_tag}`
  return row
}
