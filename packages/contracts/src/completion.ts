/** `GET /internal/builds/completion`: how many builds were seen through. */
import { z } from 'zod'

export const CompletionInterval = z.enum(['hour', 'day', 'week'])

const Counts = z.object({
  /** Builds that were started and are over, or should be; none that was skipped or cancelled. */
  started: z.int(),
  complete: z.int(),
  /** `complete / started`; null when none was started. */
  rate: z.number().nullable(),
  /** What the incomplete ones ended with; `not_stopped` past their limit and not over. */
  incomplete_by_reason: z.record(z.string(), z.int()),
})

export const BuildCompletion = Counts.extend({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  interval: CompletionInterval,
  /** Those in which a build was started, by their beginning. */
  periods: z.array(Counts.extend({ period: z.iso.datetime() })),
})
export type BuildCompletion = z.infer<typeof BuildCompletion>
