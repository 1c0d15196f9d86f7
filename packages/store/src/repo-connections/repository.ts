import { type ProviderType, Repository } from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from '../sql.ts'

/** Why the provider gives us no access to a repository. */
export const DisconnectReason = z.enum([
  'repository_deleted',
  'repository_removed',
  'installation_deleted',
  'installation_suspended',
])
export type DisconnectReason = z.infer<typeof DisconnectReason>

/** The repository of a connection as its provider knows it, and by what we may read it. */
export const ConnectedRepository = Repository.extend({
  repo_connection_uuid: z.uuid(),
  account_id: z.string(),
  installation_id: z.string().nullable(),
  grant_id: z.string().nullable(),
  disconnect_reason: DisconnectReason.nullable(),
})
export type ConnectedRepository = z.infer<typeof ConnectedRepository>

/** What a webhook of the GitHub App is about. */
export type AboutInstallation = {
  installation_id: string
  repo_ids?: string[]
  owner_id?: string
  /** All that is read through the installation. */
  whole?: boolean
}

/** Repository connections as webhooks and Git providers see them. */
export function repositoryStatements(sql: Sql) {
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

    /** Whether an account has this connection. */
    async exists(connection: { account_id: string; repo_connection_uuid: string }) {
      const rows = await sql`
        select from repo_connections
        where repo_connection_uuid = ${connection.repo_connection_uuid}
          and account_id = ${connection.account_id} and deleted_on is null`
      return rows.length > 0
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

    /**
     * The connections that a webhook of the GitHub App is about, of those accounts that have
     * the installation through which it comes: to a repository, to any of an owner, or to all that
     * come through the installation and these.
     */
    async selectUuidsByInstallation({
      installation_id,
      ...about
    }: AboutInstallation): Promise<string[]> {
      const { repo_ids = [], owner_id = null, whole = false } = about
      const rows = await sql<{ repo_connection_uuid: string }[]>`
        select r.repo_connection_uuid
        from repo_connections r join git_installations i using (account_id)
        where r.provider_type = 'github' and r.deleted_on is null
          and i.installation_id = ${installation_id}
          and (${whole} and r.installation_id = ${installation_id}
            or r.provider_account_id = ${owner_id}
            or r.repo_id in (select jsonb_array_elements_text(${sql.json(repo_ids)})))
        order by r.repo_connection_uuid`
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

    /**
     * Takes the names that a push gives its repository, so that a lost event of a renaming does no
     * harm. A push of before the last change of the connection may have an old name; null: no time.
     */
    async takeName(
      repo_connection_uuid: string,
      names: Pick<ConnectedRepository, 'provider_account_name' | 'repo_name'>,
      pushed_on: Date | null,
    ): Promise<void> {
      const { provider_account_name, repo_name } = names
      await sql`
        update repo_connections set ${sql(names)}, modified_on = now()
        where repo_connection_uuid = ${repo_connection_uuid} and deleted_on is null
          and (provider_account_name, repo_name)
            is distinct from (${provider_account_name}::text, ${repo_name}::text)
          and (${pushed_on}::timestamptz is null or modified_on < ${pushed_on})`
    },

    /** Remembers through which installation webhooks of a connection come. */
    async setInstallation(repo_connection_uuid: string, installation_id: string): Promise<void> {
      await sql`
        update repo_connections set installation_id = ${installation_id}, modified_on = now()
        where repo_connection_uuid = ${repo_connection_uuid} and deleted_on is null
          and installation_id is distinct from ${installation_id}`
    },

    /** Sets the grant with which an account's GitLab repositories are read; returns which these are. */
    async setGrant(granted: {
      account_id: string
      repo_connection_uuids: string[]
      grant_id: string
    }): Promise<string[]> {
      const rows = await sql<{ repo_connection_uuid: string }[]>`
        update repo_connections set grant_id = ${granted.grant_id}, modified_on = now()
        where repo_connection_uuid in ${sql(granted.repo_connection_uuids)}
          and account_id = ${granted.account_id} and deleted_on is null
          and provider_type in ('gitlab', 'gitlab_internal')
        returning repo_connection_uuid`
      return rows.map((row) => row.repo_connection_uuid)
    },

    /** Records that the provider gives no access to the repository; its settings stay. */
    async disconnect(repo_connection_uuid: string, reason: DisconnectReason): Promise<void> {
      await sql`
        update repo_connections
        set disconnected_on = coalesce(disconnected_on, now()), disconnect_reason = ${reason},
          modified_on = now()
        where repo_connection_uuid = ${repo_connection_uuid} and deleted_on is null`
    },

    /** Records that the provider gives access again, where one of these reasons took it. */
    async reconnect(repo_connection_uuid: string, after: DisconnectReason[]): Promise<void> {
      await sql`
        update repo_connections
        set disconnected_on = null, disconnect_reason = null, modified_on = now()
        where repo_connection_uuid = ${repo_connection_uuid} and deleted_on is null
          and disconnect_reason in ${sql(after)}`
    },
  }
}
