/** From single measurements to the line that is printed last. Pure. */
import { LIMITS, type Parts } from '../model/projection.ts'
import type { Measured, VariantName } from './variants.ts'

/** In ms; see `Parts`. */
export type MeasuredParts = Pick<Parts, 'cpu_ms_per_build' | 'store_ms_per_batch' | 'select_ms'>

export type Measurement = Measured & { round: number; variant: VariantName }

/** The sizes at which the time per build is compared. */
function sizesOf(builds: number): number[] {
  const sizes = [2_000, Math.floor(builds / 2), builds].filter((size) => size <= builds && size > 1)
  return [...new Set(sizes)].toSorted((a, b) => a - b)
}

/** Enough builds to measure the published ways, which would take hours for a long run. */
const MOST_PUBLISHED_BUILDS = 5_000

/** The sizes at which `variant` is measured. */
export function sizesFor(variant: VariantName, builds: number): number[] {
  const isPublished = variant.startsWith('published')
  return isPublished ? [Math.min(builds, MOST_PUBLISHED_BUILDS)] : sizesOf(builds)
}

/** Medians over the rounds, of ratios too: those of one round stand near each other. */
export function resultOf({
  measurements,
  builds,
  parts,
}: {
  measurements: Measurement[]
  builds: number
  parts: MeasuredParts
}) {
  /** One for each round: what has two turns in one counts with the mean of both. */
  const all = (variant: VariantName, size: number, key: keyof Measured): number[] => {
    const those = measurements.filter((one) => one.variant === variant && one.builds === size)
    const byRound = Map.groupBy(those, ({ round }) => round)
    return [...byRound.values()].map((turns) => mean(turns.map((turn) => turn[key])))
  }
  const ms = (variant: VariantName, size: number) => all(variant, size, 'ms_per_build')
  const mostOf = (variant: VariantName) => ms(variant, sizesFor(variant, builds).at(-1) ?? 0)
  const rate = (variant: VariantName) => 1_000 / median(mostOf(variant))
  /** How many builds ours scans while `variant` scans one. */
  const ratioTo = (variant: VariantName) => median(ratios(mostOf(variant), mostOf('ours')))
  const sizes = sizesOf(builds)
  // The machine's own drift over the sizes is in the floor as well, and is taken out by it.
  const relative = sizes.map((size) => median(ratios(ms('ours', size), ms('floor', size))))
  const round = (value: number) => Number(value.toPrecision(3))
  return {
    published_builds_per_s: round(rate('published')),
    published_with_our_detector_builds_per_s: round(rate('published_with_our_detector')),
    ours_builds_per_s: round(rate('ours')),
    floor_builds_per_s: round(rate('floor')),
    ratio: round(ratioTo('published')),
    ratio_with_our_detector: round(ratioTo('published_with_our_detector')),
    ratio_to_floor: round(ratioTo('floor')),
    ratio_to_ours_without_good_builds: round(ratioTo('ours_without_good_builds')),
    ms_per_build: Object.fromEntries(sizes.map((size) => [size, round(median(ms('ours', size)))])),
    flatness: round(Math.max(...relative) / Math.min(...relative)),
    pg_statements_per_build: round(median(all('ours', builds, 'pg_statements_per_build'))),
    do_requests_per_build: round(median(all('ours', builds, 'do_requests_per_build'))),
    predicted_builds_per_s: round(predictedHere(median(ms('floor', builds)), parts)),
  }
}

/**
 * What the parts say that ours comes to on one machine, where one batch is scanned after the other by
 * one thread: builds a second.
 */
function predictedHere(floor_ms: number, { cpu_ms_per_build, store_ms_per_batch }: MeasuredParts) {
  const { queue_batch } = LIMITS
  const batch_ms = queue_batch * (floor_ms + cpu_ms_per_build) + store_ms_per_batch
  return (1_000 * queue_batch) / batch_ms
}

/** Round by round. */
function ratios(values: number[], to: number[]): number[] {
  return values.map((value, round) => value / (to[round] ?? Number.NaN))
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The middle one; between two, their mean. */
export function median(values: number[]): number {
  if (values.length === 0) throw new Error('the median of nothing')
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number) => sorted[index] ?? 0
  const middle = (sorted.length - 1) / 2
  return (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2
}
