import { z } from 'zod'

/** The schema within wrappers; undefined for one that is write-only. */
export function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
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

/** The names of the fields that an object at `path` may have, of all alternatives of a union. */
export function fieldsAt(schema: z.ZodType | undefined, path: PropertyKey[]): string[] {
  const at = unwrap(schema)
  if (at instanceof z.ZodUnion) {
    return [...new Set(at.options.flatMap((option) => fieldsAt(option as z.ZodType, path)))]
  }
  const [key, ...rest] = path
  if (at instanceof z.ZodArray && key !== undefined) return fieldsAt(at.element as z.ZodType, rest)
  if (at instanceof z.ZodRecord && key !== undefined) {
    return fieldsAt(at.valueType as z.ZodType, rest)
  }
  if (!(at instanceof z.ZodObject)) return []
  return key === undefined ? Object.keys(at.shape) : fieldsAt(at.shape[String(key)], rest)
}
