/** How far a backfill is, in words and by the clock. Pure. */
import type { BackfillProgress } from '@workers-builds/contracts'

type Counts = Omit<BackfillProgress, 'builds_per_second' | 'estimated_end'>

/** The progress of a run with these counts; its end is estimated from its rate so far. */
export function progressOf({
  started_on,
  now,
  ...counts
}: Counts & { started_on: Date; now: number }): BackfillProgress {
  const seconds = Math.max(1, (now - started_on.getTime()) / 1_000)
  const rate = counts.builds_scanned / seconds
  return {
    ...counts,
    builds_per_second: Math.round(rate * 10) / 10,
    estimated_end:
      rate > 0 ? new Date(now + (counts.builds_remaining / rate) * 1_000).toISOString() : null,
  }
}
