import type { Sql } from './sql.ts'

export type GitInstallationStore = ReturnType<typeof gitInstallationStore>

type Installation = { account_id: string; installation_id: string }

/** Which account has which installations of the GitHub App. */
export function gitInstallationStore(sql: Sql) {
  return {
    /** Allows an account to read its connections through an installation; false: no such account. */
    async give({ account_id, installation_id }: Installation): Promise<boolean> {
      const rows = await sql`
        with given as (
          insert into git_installations (account_id, installation_id)
          select account_id, ${installation_id} from accounts where account_id = ${account_id}
          on conflict do nothing)
        select from accounts where account_id = ${account_id}`
      return rows.length > 0
    },

    /** Withdraws the installation; false when the account did not have it. */
    async take({ account_id, installation_id }: Installation): Promise<boolean> {
      const rows = await sql`
        delete from git_installations
        where account_id = ${account_id} and installation_id = ${installation_id}
        returning installation_id`
      return rows.length > 0
    },

    async selectIds(account_id: string): Promise<string[]> {
      const rows = await sql<{ installation_id: string }[]>`
        select installation_id from git_installations
        where account_id = ${account_id} order by installation_id`
      return rows.map((row) => row.installation_id)
    },
  }
}
