import { z } from 'zod'

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

/** The schema within wrappers; undefined for one that is write-only. */
function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  let inner = schema
  while (inner !== undefined) {
    if (inner.meta()?.['writeOnly'] === true) return undefined
    if (
      inner instanceof z.ZodOptional ||
      inner instanceof z.ZodNullable ||
      inner instanceof z.ZodDefault ||
      inner instanceof z.ZodPrefault
    ) {
      inner = inner.unwrap() as z.ZodType
    } else if (inner instanceof z.ZodPipe) {
      inner = (inner.in instanceof z.ZodTransform ? inner.out : inner.in) as z.ZodType
    } else {
      return inner
    }
  }
  return undefined
}
