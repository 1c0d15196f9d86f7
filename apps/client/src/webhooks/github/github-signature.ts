import { BuildsError } from '@workers-builds/contracts'

/**
 * Whether `header` (X-Hub-Signature-256) is the signature of `body` under `secret`. The comparison
 * is WebCrypto's own and takes the same time wherever the two differ.
 */
async function isSignedByGitHub({
  header,
  body,
  secret,
}: {
  header: string
  body: BufferSource
  secret: string
}): Promise<boolean> {
  const [, hex] = /^sha256=([0-9a-f]{64})$/.exec(header) ?? []
  if (hex === undefined) return false
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const rawKey = new TextEncoder().encode(secret)
  const key = await crypto.subtle.importKey('raw', rawKey, algorithm, false, ['verify'])
  return await crypto.subtle.verify('HMAC', key, Buffer.from(hex, 'hex'), body)
}

/** Throws missing_token or invalid_token unless GitHub signed `body` with `secret`. */
export async function assertSignedByGitHub({
  header,
  ...signed
}: {
  header: string | undefined
  body: BufferSource
  secret: string
}): Promise<void> {
  if (header === undefined) {
    throw new BuildsError('missing_token', 'The X-Hub-Signature-256 header is missing.')
  }
  if (!(await isSignedByGitHub({ header, ...signed }))) {
    throw new BuildsError(
      'invalid_token',
      "X-Hub-Signature-256 does not fit the body: check the webhook's secret.",
    )
  }
}
