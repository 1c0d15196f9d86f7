/** `GET /internal/builds/completion`: how many builds were seen through. */
import { z } from 'zod'
import { type FailureReason, INCOMPLETE_REASONS } from './failure-reasons.ts'
import type { BuildOutcome } from './lifecycle.ts'
import type { Step } from './log.ts'

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

/**
 * Whether a stopped build was seen through: we attempted the install, and attempted the user's
 * commands unless the install itself failed. Null for one that does not count, because it was
 * skipped or cancelled. `store.builds.selectCompletion` counts by the same rule, in SQL; a test holds the two
 * against each other.
 */
export function isCompleteBuild({
  build_outcome,
  failure_reason,
  steps,
}: {
  build_outcome: BuildOutcome
  failure_reason: FailureReason | null
  /** The steps that were begun. */
  steps: Step[]
}): boolean | null {
  if (build_outcome === 'skipped' || build_outcome === 'cancelled') return null
  if (INCOMPLETE_REASONS.some((reason) => reason === failure_reason)) return false
  if (!steps.includes('installing')) return false
  return (
    build_outcome === 'success' ||
    failure_reason === 'install_failed' ||
    steps.includes('building') ||
    steps.includes('deploying')
  )
}
