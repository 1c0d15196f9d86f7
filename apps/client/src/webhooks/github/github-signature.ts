import { BuildsError } from '@workers-builds/contracts'
import { type Body, isSigned } from '../body/receive-body.ts'

/**
 * Throws missing_token or invalid_token unless `header` (X-Hub-Signature-256) is GitHub's signature of
 * `body` with `secret`.
 */
export function assertSignedByGitHub({
  header,
  body,
  secret,
}: {
  header: string | undefined
  body: Body
  secret: string
}): void {
  if (header === undefined) {
    throw new BuildsError('missing_token', 'The X-Hub-Signature-256 header is missing.')
  }
  const [, hex] = /^sha256=([0-9a-f]{64})$/.exec(header) ?? []
  if (hex === undefined || !isSigned({ body, key: secret, signature: Buffer.from(hex, 'hex') })) {
    throw new BuildsError(
      'invalid_token',
      "X-Hub-Signature-256 does not fit the body: check the webhook's secret.",
    )
  }
}
