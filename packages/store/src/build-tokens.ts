import { BuildToken, type CreateBuildToken } from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from './sql.ts'

export type BuildTokenStore = ReturnType<typeof buildTokenStore>

/** The tokens that builds deploy with. Their secrets are written here and never read here. */
export function buildTokenStore(sql: Sql) {
  const columns = sql`build_token_uuid, build_token_name, cloudflare_token_id, owner_type`

  return {
    async insert(
      token: Omit<CreateBuildToken, 'build_token_secret'> & {
        build_token_uuid: string
        account_id: string
        build_token_secret_sealed: string
      },
    ): Promise<BuildToken> {
      const [row] = await sql`insert into build_tokens ${sql(token)} returning ${columns}`
      return BuildToken.parse(row)
    },

    /** One page of an account's tokens, oldest first, and how many there are in all. */
    async selectPage({
      account_id,
      page,
      per_page,
    }: {
      account_id: string
      page: number
      per_page: number
    }): Promise<{ tokens: BuildToken[]; total_count: number }> {
      const [rows, [total]] = await Promise.all([
        sql`
          select ${columns} from build_tokens
          where account_id = ${account_id} and deleted_on is null
          order by created_on, build_token_uuid
          limit ${per_page} offset ${(page - 1) * per_page}`,
        sql<{ total_count: number }[]>`
          select count(*) as total_count from build_tokens
          where account_id = ${account_id} and deleted_on is null`,
      ])
      return { tokens: z.array(BuildToken).parse(rows), total_count: total?.total_count ?? 0 }
    },

    /** Whether the account has this token; until the transaction ends it keeps it. */
    async lock(token: { account_id: string; build_token_uuid: string }): Promise<boolean> {
      const rows = await sql`
        select from build_tokens
        where account_id = ${token.account_id} and build_token_uuid = ${token.build_token_uuid}
          and deleted_on is null
        for share`
      return rows.length > 0
    },

    /** Deletes a token's secret; false when the account has no such token. */
    async delete(token: { account_id: string; build_token_uuid: string }): Promise<boolean> {
      const rows = await sql`
        update build_tokens set deleted_on = now(), build_token_secret_sealed = ''
        where account_id = ${token.account_id} and build_token_uuid = ${token.build_token_uuid}
          and deleted_on is null
        returning build_token_uuid`
      return rows.length > 0
    },
  }
}
