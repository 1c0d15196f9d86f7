/** Sign-ins of the web page. */
import { z } from 'zod'
import { TokenPermission } from './accounts.ts'
import { AccountId } from './ids.ts'

/** `POST /client/v4/session` */
export const CreateSession = z.strictObject({
  token: z.string().trim().min(1).max(1_000).describe('An API token').meta({ writeOnly: true }),
})

/** `GET /client/v4/session`: who calls, and what the caller may see. */
export const Session = z.object({
  /** Of the token, or of the person or service that Cloudflare Access identified. */
  name: z.string(),
  is_platform: z.boolean(),
  accounts: z.array(
    z.object({ account_id: AccountId, account_name: z.string(), permission: TokenPermission }),
  ),
  /** What requests that change something send as `x-csrf-token`; null without the cookie. */
  csrf_token: z.string().nullable(),
  /** When the cookie stops to work; null without it. */
  expires_on: z.iso.datetime().nullable(),
})
export type Session = z.infer<typeof Session>
