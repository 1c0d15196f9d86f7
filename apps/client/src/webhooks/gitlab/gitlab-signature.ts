/**
 * GitLab's two ways to authenticate a hook. The older sends the secret itself, in
 * `X-Gitlab-Token`. The newer signs, as Standard Webhooks has it: `webhook-signature` holds
 * `v1,<base64>` entries, each the HMAC-SHA256 of `<webhook-id>.<webhook-timestamp>.<body>` under the
 * 32 bytes of a token `whsec_<base64>`. A secret of that form may be given to GitLab as either; a
 * hook that is signed is judged by its signature alone.
 */
import { BuildsError } from '@workers-builds/contracts'
import { fromBase64Url } from '@workers-builds/sealing'
import { type Body, isSigned } from '../body/receive-body.ts'

/** Standard Webhooks' own: how far apart the two clocks may be, and how long a replay works. */
const TOLERANCE_MS = 5 * 60_000
const SIGNING_TOKEN = 'whsec_'

export type GitLabHeaders = {
  token: string | undefined
  id: string | undefined
  timestamp: string | undefined
  signature: string | undefined
}

/** Throws missing_token or invalid_token when the hook is not signed with `secret`. */
export async function assertFromGitLab({
  headers,
  body,
  secret,
  now,
}: {
  headers: GitLabHeaders
  body: Body
  secret: string
  now: Date
}): Promise<void> {
  const { id, timestamp, signature } = headers
  if (signature === undefined || !secret.startsWith(SIGNING_TOKEN)) {
    return await assertToken(headers.token, secret)
  }
  if (id === undefined || timestamp === undefined) {
    throw new BuildsError(
      'missing_token',
      'The webhook-id or webhook-timestamp header of a signed hook is missing.',
    )
  }
  const signed_on = /^\d{1,15}$/.test(timestamp) ? Number(timestamp) * 1_000 : Number.NaN
  if (!(Math.abs(now.getTime() - signed_on) <= TOLERANCE_MS)) {
    throw new BuildsError(
      'invalid_token',
      `webhook-timestamp=${timestamp} is not within five minutes of now: it was sent again, or a clock is wrong.`,
    )
  }
  const key = fromBase64Url(secret.slice(SIGNING_TOKEN.length))
  const head = `${id}.${timestamp}.`
  for (const entry of signature.split(' ').slice(0, 10)) {
    const [, base64] = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(entry) ?? []
    if (base64 === undefined) continue
    if (isSigned({ body, head, key, signature: Buffer.from(base64, 'base64') })) return
  }
  throw new BuildsError(
    'invalid_token',
    "webhook-signature does not fit the body: check the hook's signing token.",
  )
}

/** Compares what has one length whatever was sent, and takes the same time wherever it differs. */
async function assertToken(given: string | undefined, secret: string): Promise<void> {
  if (given === undefined) {
    throw new BuildsError(
      'missing_token',
      "The webhook-signature and X-Gitlab-Token headers are missing: give the hook in GitLab this connection's secret.",
    )
  }
  const digest = (text: string) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const [left, right] = await Promise.all([digest(given), digest(secret)])
  if (!crypto.subtle.timingSafeEqual(left, right)) {
    throw new BuildsError(
      'invalid_token',
      "X-Gitlab-Token is not this connection's secret: check the hook's secret token.",
    )
  }
}
