import { z } from 'zod'
import type { Sql } from './sql.ts'

export const GitGrantKind = z.enum(['oauth', 'access_token', 'deploy_token'])
export type GitGrantKind = z.infer<typeof GitGrantKind>

/** Tokens of a provider without an App; its reader opens them. */
export const GitGrant = z.object({
  grant_id: z.uuid(),
  account_id: z.string(),
  provider_type: z.enum(['gitlab', 'gitlab_internal']),
  kind: GitGrantKind,
  username: z.string(),
  access_token_sealed: z.string(),
  refresh_token_sealed: z.string().nullable(),
  expires_on: z.date().nullable(),
})
export type GitGrant = z.infer<typeof GitGrant>

export type GitGrantStore = ReturnType<typeof gitGrantStore>

/** What people allow us to read at a Git provider. */
export function gitGrantStore(sql: Sql) {
  const columns = sql`
    grant_id, account_id, provider_type, kind, username, access_token_sealed,
    refresh_token_sealed, expires_on`
  return {
    async insert(grant: GitGrant): Promise<void> {
      await sql`insert into git_grants ${sql(grant)}`
    },

    async select(grant_id: string): Promise<GitGrant | undefined> {
      const [row] = await sql`select ${columns} from git_grants where grant_id = ${grant_id}`
      return row && GitGrant.parse(row)
    },

    /** The same, locked until the transaction ends: its refresh token may be used once. */
    async lock(grant_id: string): Promise<GitGrant | undefined> {
      const [row] = await sql`
        select ${columns} from git_grants where grant_id = ${grant_id} for update`
      return row && GitGrant.parse(row)
    },

    /** Replaces the tokens of a grant after a refresh. */
    async updateTokens(
      grant: Pick<
        GitGrant,
        'grant_id' | 'access_token_sealed' | 'refresh_token_sealed' | 'expires_on'
      >,
    ): Promise<void> {
      const { grant_id, ...tokens } = grant
      await sql`
        update git_grants set ${sql(tokens)}, modified_on = now() where grant_id = ${grant_id}`
    },
  }
}
