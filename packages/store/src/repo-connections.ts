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
  disconnect_reason: DisconnectReason | null
}

/** Why the provider does not let us at a repository. */
export type DisconnectReason =
  | 'repository_deleted'
  | 'repository_removed'
  | 'installation_deleted'
  | 'installation_suspended'

/** Connections as a webhook of an App names them: all of an installation, and these repositories. */
export type Installed = { installation_id: string | null; repo_ids: string[] }

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
          provider_account_name, repo_id, repo_name, installation_id, grant_id, disconnect_reason
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

    /** Every account's connection to a repository at GitHub. */
    async selectUuidsByGitHubRepo(repo_id: string): Promise<string[]> {
      const rows = await sql<{ repo_connection_uuid: string }[]>`
        select repo_connection_uuid from repo_connections
        where provider_type = 'github' and repo_id = ${repo_id} and deleted_on is null
        order by repo_connection_uuid`
      return rows.map((row) => row.repo_connection_uuid)
    },

    /** Every account's connection through an installation, and to these repositories. */
    async selectUuidsByInstallation({ installation_id, repo_ids }: Installed): Promise<string[]> {
      const rows = await sql<{ repo_connection_uuid: string }[]>`
        select repo_connection_uuid from repo_connections
        where provider_type = 'github' and deleted_on is null and (
          installation_id = ${installation_id}
          or repo_id in (select jsonb_array_elements_text(${sql.json(repo_ids)})))
        order by repo_connection_uuid`
      return rows.map((row) => row.repo_connection_uuid)
    },

    /** Every account's connection to repositories of a user or an organisation at GitHub. */
    async selectUuidsByGitHubAccount(provider_account_id: string): Promise<string[]> {
      const rows = await sql<{ repo_connection_uuid: string }[]>`
        select repo_connection_uuid from repo_connections
        where provider_type = 'github' and provider_account_id = ${provider_account_id}
          and deleted_on is null
        order by repo_connection_uuid`
      return rows.map((row) => row.repo_connection_uuid)
    },

    /** The repository or its owner has another name now, or it has another owner. */
    async rename(
      repo_connection_uuid: string,
      changes: Partial<
        Pick<ConnectedRepository, 'provider_account_id' | 'provider_account_name' | 'repo_name'>
      >,
    ): Promise<void> {
      await sql`
        update repo_connections set ${sql(changes)}, modified_on = now()
        where repo_connection_uuid = ${repo_connection_uuid} and deleted_on is null`
    },

    /** Remembers through which installation webhooks of a connection come. */
    async setInstallation(repo_connection_uuid: string, installation_id: string): Promise<void> {
      await sql`
        update repo_connections set installation_id = ${installation_id}, modified_on = now()
        where repo_connection_uuid = ${repo_connection_uuid} and deleted_on is null
          and installation_id is distinct from ${installation_id}`
    },

    /** Records that the provider does not let us at the repository; its settings stay. */
    async disconnect(repo_connection_uuid: string, reason: DisconnectReason): Promise<void> {
      await sql`
        update repo_connections
        set disconnected_on = coalesce(disconnected_on, now()), disconnect_reason = ${reason},
          modified_on = now()
        where repo_connection_uuid = ${repo_connection_uuid} and deleted_on is null`
    },

    /** Records that it lets us again, where it did not for one of these reasons. */
    async reconnect(repo_connection_uuid: string, after: DisconnectReason[]): Promise<void> {
      await sql`
        update repo_connections
        set disconnected_on = null, disconnect_reason = null, modified_on = now()
        where repo_connection_uuid = ${repo_connection_uuid} and deleted_on is null
          and disconnect_reason in ${sql(after)}`
    },
  }
}
