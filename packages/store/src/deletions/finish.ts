import type { Sql } from '../sql.ts'
import { type DeletionTarget, isOfTarget } from './target.ts'

/** Deletes the row of a target, and what hangs on it; does nothing while a build is left. */
export async function finishDeletion(sql: Sql, target: DeletionTarget): Promise<void> {
  const ofTarget = isOfTarget(sql, target)
  const { account_id, script_tag } = target
  await sql.begin(async (tx) => {
    // Locked in the order in which a push locks, so that none adds a build meanwhile.
    await tx`
      select from triggers t join workers w using (script_tag)
      where ${ofTarget} order by t.trigger_uuid for update of t`
    await tx`
      select from workers w where ${ofTarget} order by w.script_tag for update`
    const builds = await tx`
      select from builds b join workers w using (script_tag) where ${ofTarget} limit 1`
    if (builds.length > 0) return
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
