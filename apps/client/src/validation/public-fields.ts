import { z } from 'zod'
import { unwrap } from './schema-at.ts'

/**
 * Whether a wrong value at `path` may be quoted to the caller: only where the schema itself expects a
 * plain value. Secrets are marked `writeOnly`, and a value under a name that the
 * caller chose (a variable, say) may be one.
 */
export function isPublicField(schema: z.ZodType | undefined, path: PropertyKey[]): boolean {
  let at = unwrap(schema)
  for (const key of path) {
    if (at instanceof z.ZodObject) at = unwrap(at.shape[String(key)])
    else if (at instanceof z.ZodArray) at = unwrap(at.element as z.ZodType)
    else return false
  }
  return (
    at instanceof z.ZodString ||
    at instanceof z.ZodStringFormat ||
    at instanceof z.ZodEnum ||
    at instanceof z.ZodLiteral ||
    at instanceof z.ZodNumber ||
    at instanceof z.ZodBoolean
  )
}
