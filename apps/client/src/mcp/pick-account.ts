import type { Caller } from '@workers-builds/contracts'
import { ToolError } from './api-caller.ts'

/** The account of a tool call: by its argument, by the header, or the only one. */
export function pickAccount(
  caller: Caller,
  { argument, header }: { argument: string | undefined; header: string | undefined },
): string {
  const account_id = argument ?? header
  const accounts = caller.accounts.map((account) => account.account_id)
  if (account_id !== undefined) {
    if (accounts.includes(account_id)) return account_id
    throw new ToolError(
      `This token may not read account ${account_id}. It may read: ${list(accounts)}`,
    )
  }
  const [only, ...others] = accounts
  if (only === undefined) throw new ToolError('This token may read no account.')
  if (others.length === 0) return only
  throw new ToolError(
    `This token spans several accounts: pass account_id, or the header cf-account-id. It may read: ${list(accounts)}`,
  )
}

function list(accounts: string[]): string {
  return accounts.length === 0 ? 'none' : accounts.join(', ')
}
