import { z } from 'zod'

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000

/** A moment in a query. */
export const Time = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

/** A range of time, for `rangeOf` to complete. */
export const Range = z.object({ from: Time.optional(), to: Time.optional() })

/** By default it ends now and is seven days long. */
export function rangeOf<Query extends z.infer<typeof Range>>({
  from,
  to = soon(),
  ...rest
}: Query) {
  return { ...rest, from: from ?? new Date(to.getTime() - WEEK_MS), to }
}

export const isInOrder = ({ from, to }: { from: Date; to: Date }) => from < to
export const OUT_OF_ORDER = { path: ['from'], error: 'it is not before `to`' }

/** A range, and how many results to return. */
export const TimeRangeQuery = Range.extend({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})
  .transform(rangeOf)
  .refine(isInOrder, OUT_OF_ORDER)

/** A moment later than now, so that what has just stopped counts. */
export function soon(): Date {
  return new Date(Date.now() + 60_000)
}
