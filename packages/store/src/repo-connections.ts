import type { ProviderType } from '@workers-builds/contracts'
import type { Sql } from './sql.ts'

/** The repository of a connection as its provider knows it, and by what we may read it. */
export type ConnectedRepository = {
  repo_connection_uuid: string
  account_id: string
  provider_type: ProviderType
  provider_account_id: string
  provider_account_name: string
  repo_id: string
  repo_name: string
  installation_id: string | null
  grant_id: string | null
}

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

    /** A repository by its connection; undefined when it is not connected any more. */
    async selectRepository(repo_connection_uuid: string): Promise<ConnectedRepository | undefined> {
      const [row] = await sql<ConnectedRepository[]>`
        select repo_connection_uuid, account_id, provider_type, provider_account_id,
          provider_account_name, repo_id, repo_name, installation_id, grant_id
        from repo_connections
        where repo_connection_uuid = ${repo_connection_uuid} and deleted_on is null`
      return row
    },

    /** An account's connection to a repository, named as its provider does. */
    async findUuid(repository: {
      account_id: string
      provider_type: ProviderType
      provider_account_id: string
      repo_id: string
    }): Promise<string | undefined> {
      const [row] = await sql<{ repo_connection_uuid: string }[]>`
        select repo_connection_uuid from repo_connections
        where account_id = ${repository.account_id}
          and provider_type = ${repository.provider_type}
          and provider_account_id = ${repository.provider_account_id}
          and repo_id = ${repository.repo_id} and deleted_on is null`
      return row?.repo_connection_uuid
    },
  }
}
