import type { Caller } from '@workers-builds/contracts'
import { ToolError } from './api-caller.ts'

/** The account of a tool call: by its argument, by the header, or the only one. */
export function pickAccount(
  caller: Caller,
  { argument, header }: { argument: string | undefined; header: string | undefined },
): string {
  const asked = argument ?? header
  const accounts = caller.accounts.map((account) => account.account_id)
  if (asked !== undefined) {
    if (accounts.includes(asked)) return asked
    throw new ToolError(`This token may not read account ${asked}. It may read: ${list(accounts)}`)
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
