import { BuildsError } from '@workers-builds/contracts'
import { z } from 'zod'

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000

/** A range of time, and how much of it to answer. */
export const TimeRangeQuery = z.object({
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})

/** The range that a query asks for: the last seven days if it does not say. */
export function timeRange(query: z.infer<typeof TimeRangeQuery>): { from: Date; to: Date } {
  // A moment later than now, so that what has just stopped counts.
  const to = query.to ? new Date(query.to) : new Date(Date.now() + 60_000)
  const from = query.from ? new Date(query.from) : new Date(to.getTime() - WEEK_MS)
  if (from < to) return { from, to }
  throw new BuildsError(
    'invalid_request',
    `Invalid query parameter from=${from.toISOString()}: it is not before to=${to.toISOString()}`,
  )
}
