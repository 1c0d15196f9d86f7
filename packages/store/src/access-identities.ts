import { Caller } from '@workers-builds/contracts'
import type { Sql } from './sql.ts'

export type AccessIdentityStore = ReturnType<typeof accessIdentityStore>

/** An identity of Cloudflare Access: a person's e-mail address, or a service token. */
export type AccessIdentity = { kind: 'email' | 'service'; name: string }

/** What holders of a Cloudflare Access JWT may do. */
export function accessIdentityStore(sql: Sql) {
  return {
    /** What an identity may do; undefined when it may do nothing, or its access has expired. */
    async selectCaller({ kind, name }: AccessIdentity): Promise<Caller | undefined> {
      const [row] = await sql`
        select i.name as token_name, i.is_platform, coalesce(
          jsonb_agg(jsonb_build_object('account_id', a.account_id, 'permission', a.permission))
            filter (where a.account_id is not null), '[]') as accounts
        from access_identities i left join access_identity_accounts a using (access_identity_uuid)
        where i.kind = ${kind} and i.name = ${kind === 'email' ? name.toLowerCase() : name}
          and (i.expires_on is null or i.expires_on > now())
        group by i.access_identity_uuid`
      return row && Caller.parse(row)
    },
  }
}
