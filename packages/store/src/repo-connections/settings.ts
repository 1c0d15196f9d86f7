import { RepoConnection, type UpsertRepoConnection } from '@workers-builds/contracts'
import { z } from 'zod'
import { RowDates } from '../row-dates.ts'
import type { Sql } from '../sql.ts'

export const RepoConnectionRow = RepoConnection.extend(RowDates)
export type RepoConnectionRow = z.infer<typeof RepoConnectionRow>

type OfAccount = { account_id: string; repo_connection_uuid: string }

/** Repository connections as their account makes them. */
export function settingsStatements(sql: Sql) {
  return {
    /**
     * Connects a repository, or renames the one that is connected by the same ids: that one keeps
     * its name and its webhook secret.
     */
    async upsert(
      connection: UpsertRepoConnection & OfAccount & { webhook_secret_sealed: string },
    ): Promise<{ connection: RepoConnectionRow; created: boolean }> {
      const [row] = await sql`
        insert into repo_connections ${sql(connection)}
        on conflict (account_id, provider_type, provider_account_id, repo_id)
          where deleted_on is null do update
        set provider_account_name = excluded.provider_account_name,
          repo_name = excluded.repo_name, modified_on = now()
        returning *`
      const stored = RepoConnectionRow.parse(row)
      const created = stored.repo_connection_uuid === connection.repo_connection_uuid
      return { connection: stored, created }
    },

    /** One page of an account's connections, oldest first, and how many there are in all. */
    async selectPage({
      account_id,
      page,
      per_page,
    }: {
      account_id: string
      page: number
      per_page: number
    }): Promise<{ connections: RepoConnectionRow[]; total_count: number }> {
      const [rows, [total]] = await Promise.all([
        sql`
          select * from repo_connections
          where account_id = ${account_id} and deleted_on is null
          order by created_on, repo_connection_uuid
          limit ${per_page} offset ${(page - 1) * per_page}`,
        sql<{ total_count: number }[]>`
          select count(*) as total_count from repo_connections
          where account_id = ${account_id} and deleted_on is null`,
      ])
      return {
        connections: z.array(RepoConnectionRow).parse(rows),
        total_count: total?.total_count ?? 0,
      }
    },

    /** Whether the account has this connection; until the transaction ends it keeps it. */
    async lock(connection: OfAccount): Promise<boolean> {
      const rows = await sql`
        select from repo_connections
        where account_id = ${connection.account_id}
          and repo_connection_uuid = ${connection.repo_connection_uuid} and deleted_on is null
        for share`
      return rows.length > 0
    },

    /** Takes no webhook for it from now on; false when it is disconnected already. */
    async delete(connection: OfAccount): Promise<boolean> {
      const rows = await sql`
        update repo_connections
        set deleted_on = now(), modified_on = now(), webhook_secret_sealed = ''
        where account_id = ${connection.account_id}
          and repo_connection_uuid = ${connection.repo_connection_uuid} and deleted_on is null
        returning repo_connection_uuid`
      return rows.length > 0
    },
  }
}
