/** Kinds of fields that several resources have. */
import { z } from 'zod'

export const IsoDate = z.iso.datetime()

/** When a row was made, changed and deleted. */
export const Dates = z.object({
  created_on: IsoDate,
  modified_on: IsoDate,
  deleted_on: IsoDate.nullable(),
})

/**
 * `input`, which refuses fields that it has not, but for those that only `answer` has: what was read may
 * be changed and sent back, and they are passed over.
 */
export function sentBack<Shape extends z.ZodRawShape>(
  input: z.ZodObject<Shape>,
  answer: z.ZodObject,
) {
  const own = new Set(Object.keys(input.shape))
  const readOnly = new Set(Object.keys(answer.shape).filter((name) => !own.has(name)))
  return z.preprocess((value) => withoutFields(value, readOnly), input.strict())
}

function withoutFields(value: unknown, names: ReadonlySet<string>): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.has(name)))
}

/** What a person calls a thing. */
export const Name = z.string().min(1).max(256)

/** Never returned, nor quoted in an error. */
export const Secret = z.string().min(1).max(5_000).meta({ writeOnly: true })
