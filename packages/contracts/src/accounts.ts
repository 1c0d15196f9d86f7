/** Accounts: who may act for them, and their build minutes. */
import { z } from 'zod'
import { AccountId } from './ids.ts'

/** What an API token may do: read or write per account, and the cross-account views or not. */
export const TokenPermission = z.enum(['read', 'write'])
export type TokenPermission = z.infer<typeof TokenPermission>

export const Caller = z.object({
  token_name: z.string(),
  is_platform: z.boolean(),
  accounts: z.array(z.object({ account_id: AccountId, permission: TokenPermission })),
})
export type Caller = z.infer<typeof Caller>

/** `GET …/account/limits`: the first two are null for accounts that pay. */
export const AccountLimits = z
  .object({
    has_reached_build_minutes_limit: z.boolean().nullable(),
    build_minutes_refresh_on: z.iso.datetime().nullable(),
    /** Not a field of Workers Builds. */
    plan: z.enum(['free', 'paid']),
    build_minutes_used: z.number(),
    build_minutes_included: z.int(),
  })
  .meta({ id: 'AccountLimits' })
export type AccountLimits = z.infer<typeof AccountLimits>
