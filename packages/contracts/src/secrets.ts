/** Which keys the stored secrets are sealed with; never anything of a secret. */
import { z } from 'zod'

/** What one call of a rotation did. */
export const ResealedSecrets = z.object({
  newest_key_id: z.string(),
  resealed: z.int(),
  /** Values that no key of the keyring opens, by their places; they are left as they are. */
  unopened: z.array(z.object({ table: z.string(), column: z.string(), row: z.string() })),
})
export type ResealedSecrets = z.infer<typeof ResealedSecrets>

/** `GET /internal/secrets`: how many values each key has sealed, column by column. */
export const SealedSecrets = z.object({
  columns: z.array(
    z.object({
      keyring: z.enum(['webhook', 'build']),
      table: z.string(),
      column: z.string(),
      keys: z.array(z.object({ key_id: z.string(), count: z.int() })),
    }),
  ),
})
export type SealedSecrets = z.infer<typeof SealedSecrets>

/** `POST /internal/secrets/rotate`: seals at most `limit` values of each keyring again. */
export const RotateSecretsRequest = z.strictObject({
  limit: z.int().min(1).max(1_000).default(500),
})

export const RotatedSecrets = z.object({
  webhook: ResealedSecrets,
  build: ResealedSecrets,
  /** Values that are still sealed by an older key. */
  remaining: z.int(),
})
export type RotatedSecrets = z.infer<typeof RotatedSecrets>
