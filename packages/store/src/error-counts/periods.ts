/**
 * Periods of time that errors are counted by. An hour is a number of hours since 1970. A period is
 * an hour, a quarter of a day, a day (UTC), or some days; it starts at a multiple of its length, which is a multiple of
 * each shorter one, so it lies in exactly one period of each greater length.
 *
 * @module
 */

export const HOUR_MS = 3_600_000
export const HOUR = 1
export const QUARTER = 6
export const DAY = 24

/**
 * The lengths, in hours, longest first: 1024, 512, … 16 days, 4 days, a day, a quarter, an hour. Long
 * periods have most groups, so a range should need few of them; of short ones there are many to
 * store.
 */
export const LENGTHS = [
  ...[24_576, 12_288, 6_144, 3_072, 1_536, 768, 384, 96],
  DAY,
  QUARTER,
  HOUR,
] as const

/** A counted period: the hours from `first_hour`, `hours` of them. */
export type Period = { hours: number; first_hour: number }

/** All moments `from ≤ t < to`. */
export type TimeRange = { from: Date; to: Date }

/** The period of this length that `hour` lies in. */
export function periodOf(hour: number, hours: number): Period {
  return { hours, first_hour: Math.floor(hour / hours) * hours }
}

export function rangeOf({ hours, first_hour }: Period): TimeRange {
  return {
    from: new Date(first_hour * HOUR_MS),
    to: new Date((first_hour + hours) * HOUR_MS),
  }
}
