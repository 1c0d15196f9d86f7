import type { Caller, Session } from '@workers-builds/contracts'
import type { Store } from '@workers-builds/store'
import type { SessionCookie } from './session-cookie.ts'

/** A caller as the page shows it, with the accounts' names. */
export async function sessionView(
  store: Store,
  { caller, cookie }: { caller: Caller; cookie: SessionCookie | undefined },
): Promise<Session> {
  const permissions = new Map(
    caller.accounts.map(({ account_id, permission }) => [account_id, permission]),
  )
  const accounts = await store.accounts.selectNames([...permissions.keys()])
  return {
    name: caller.token_name,
    is_platform: caller.is_platform,
    accounts: accounts.map((account) => ({
      ...account,
      permission: permissions.get(account.account_id) ?? 'read',
    })),
    csrf_token: cookie?.csrf_token ?? null,
    expires_on: cookie === undefined ? null : new Date(cookie.expires_on).toISOString(),
  }
}
