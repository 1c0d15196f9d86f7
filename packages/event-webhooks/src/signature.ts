import { Webhook } from 'standardwebhooks'

const SECRET_BYTES = 32

/** A new secret, as Standard Webhooks writes it: `whsec_` and base64. */
export function createSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES))
  return `whsec_${btoa(String.fromCharCode(...bytes))}`
}

/** The headers by which a receiver verifies that `body` is ours and when it was sent. */
export function signedHeaders({
  id,
  now,
  body,
  secret,
}: {
  /** The same for every try. */
  id: string
  now: Date
  body: string
  secret: string
}): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  }
}
