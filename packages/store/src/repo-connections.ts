import type { ProviderType } from '@workers-builds/contracts'
import type { Sql } from './sql.ts'

export type RepoConnectionStore = ReturnType<typeof repoConnectionStore>

/** A repository that an account's Workers are built from. */
export function repoConnectionStore(sql: Sql) {
  return {
    /** What is needed to check a webhook; undefined when there is no such connection any more. */
    async selectWebhookSecret(repo_connection_uuid: string) {
      const [row] = await sql<
        {
          account_id: string
          provider_type: ProviderType
          repo_id: string
          webhook_secret_sealed: string
        }[]
      >`
        select account_id, provider_type, repo_id, webhook_secret_sealed
        from repo_connections
        where repo_connection_uuid = ${repo_connection_uuid} and deleted_on is null`
      return row
    },

    /** Where a repository is; undefined when there is no such connection any more. */
    async selectRepository(repo_connection_uuid: string) {
      const [row] = await sql<
        { provider_type: ProviderType; provider_account_name: string; repo_name: string }[]
      >`
        select provider_type, provider_account_name, repo_name from repo_connections
        where repo_connection_uuid = ${repo_connection_uuid} and deleted_on is null`
      return row
    },
  }
}
