/**
 * Whether a command failed because the build token is not valid any more: Cloudflare may have
 * rolled or deleted it without our knowing. Its answer to the command alone does not show it, since a
 * token without some permission gets the same; so Cloudflare is asked about the token itself.
 */
import { z } from 'zod'
import type { BuildContext } from '../build-context.ts'
import { readWranglerEntries } from './read-deployment.ts'

const API_URL = 'https://api.cloudflare.com/client/v4'
const PATIENCE_MS = 5_000

/** Codes of Cloudflare's API for what it does not let a token do, or no token. */
const REFUSED_CODES = [1000, 1001, 9106, 9109, 10000, 10001]
/** `Invalid API Token` */
const INVALID_TOKEN_CODE = 1000

const Failed = z.object({
  type: z.literal('command-failed'),
  code: z.number().nullish(),
  /** Where wrangler could not look the Worker up, the code is in it: `… [code: 10000]` */
  message: z.string().catch(''),
})
const Verified = z.object({
  success: z.boolean(),
  result: z.object({ status: z.string() }).nullish(),
  errors: z.array(z.object({ code: z.number() })).catch([]),
})

type Verdict = 'valid' | 'invalid' | 'unknown'

/** False too when Cloudflare cannot be asked. */
export async function isTokenRevoked({ spec, folders, signal }: BuildContext): Promise<boolean> {
  const entries = await readWranglerEntries(folders)
  const failed = Failed.safeParse(entries.at(-1)).data
  if (failed === undefined || !isRefusal(failed)) return false
  const value = (name: string) => spec.environment_variables[name]?.value
  const token = value('CLOUDFLARE_API_TOKEN')
  if (!token) return false
  const base = (value('CLOUDFLARE_API_BASE_URL') || API_URL).replace(/\/+$/, '')
  const account = `accounts/${value('CLOUDFLARE_ACCOUNT_ID')}`
  // A token is an account's or a person's; the other's address does not know it.
  const verdicts = await Promise.all(
    [account, 'user'].map((owner) => verify(`${base}/${owner}/tokens/verify`, { token, signal })),
  )
  return verdicts.every((verdict) => verdict === 'invalid')
}

function isRefusal({ code, message }: z.infer<typeof Failed>): boolean {
  const quoted = Array.from(message.matchAll(/\[code: (\d+)\]/g), ([, digits]) => Number(digits))
  return [code, ...quoted].some((known) => REFUSED_CODES.includes(known ?? 0))
}

async function verify(
  url: string,
  { token, signal }: { token: string; signal: AbortSignal },
): Promise<Verdict> {
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    })
    const { success, result, errors } = Verified.parse(await response.json())
    if (success) return result?.status === 'active' ? 'valid' : 'invalid'
    return errors.some(({ code }) => code === INVALID_TOKEN_CODE) ? 'invalid' : 'unknown'
  } catch {
    return 'unknown' // away, or no answer of Cloudflare's
  }
}
