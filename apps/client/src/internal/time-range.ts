import { z } from 'zod'

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000

const Time = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .optional()

/** A range of time, the last seven days unless it says otherwise, and how much of it to answer. */
export const TimeRangeQuery = z
  .object({ from: Time, to: Time, limit: z.coerce.number().int().min(1).max(1_000).default(100) })
  .transform(({ from, to = soon(), limit }) => ({
    from: from ?? new Date(to.getTime() - WEEK_MS),
    to,
    limit,
  }))
  .refine(({ from, to }) => from < to, { path: ['from'], error: 'it is not before `to`' })

/** A moment later than now, so that what has just stopped counts. */
function soon(): Date {
  return new Date(Date.now() + 60_000)
}
