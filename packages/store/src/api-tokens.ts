import { Caller } from '@workers-builds/contracts'
import type { Sql } from './sql.ts'

export type ApiTokenStore = ReturnType<typeof apiTokenStore>

/** Tokens of the REST API. Only their SHA-256 is stored. */
export function apiTokenStore(sql: Sql) {
  return {
    /** The holder of the token with this hash; undefined when there is none, or it has expired. */
    async selectCaller(token_sha256: Uint8Array): Promise<Caller | undefined> {
      const [row] = await sql`
        select t.token_name, t.is_platform, coalesce(
          jsonb_agg(jsonb_build_object('account_id', a.account_id, 'permission', a.permission))
            filter (where a.account_id is not null), '[]') as accounts
        from api_tokens t left join api_token_accounts a using (api_token_uuid)
        where t.token_sha256 = ${token_sha256} and (t.expires_on is null or t.expires_on > now())
        group by t.api_token_uuid`
      return row && Caller.parse(row)
    },
  }
}
