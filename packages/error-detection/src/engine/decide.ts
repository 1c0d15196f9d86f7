/**
 * Which of the lines that matched say why the build failed, and in what order.
 *
 * @module
 */

import type { DetectedError, Step } from '@workers-builds/contracts'
import type { Rank } from '../signature.ts'
import { RANKS } from '../signature.ts'
import type { Match } from './knowledge-base.ts'
import { groupKey } from './knowledge-base.ts'

/** A matched line. */
export interface Candidate extends Match {
  line: number
  step: Step | null
}

/** Most errors of one build: a person reads no more, and the first says why. */
export const MAX_ERRORS = 5

const CONFIDENCE: Readonly<Record<Rank, number>> = {
  infrastructure: 0.95,
  specific: 0.9,
  family: 0.7,
  wrapper: 0.4,
  stage: 0.3,
}

/** Ranks whose errors are reported together; of the others only the best one is. */
const ROOT_CAUSE_RANKS: readonly Rank[] = ['infrastructure', 'specific']

/** Ranks that say where the build failed, and not why. */
const RANKS_OF_PLACES: readonly Rank[] = ['wrapper', 'stage']

/** Whether a match says by itself why the build failed. */
export function isRootCause({ signature }: Pick<Match, 'signature'>): boolean {
  return ROOT_CAUSE_RANKS.includes(signature.rank)
}

/** Whether a candidate says only what failed, not why. */
export function saysOnlyWhere({ signature: { rank } }: Candidate): boolean {
  return RANKS_OF_PLACES.includes(rank)
}

/** The causes of a build beside its decisive line, those closest to a root cause first. */
export function decide(candidates: Iterable<Candidate>): Candidate[] {
  const ordered = [...candidates].sort(
    (a, b) => RANKS.indexOf(a.signature.rank) - RANKS.indexOf(b.signature.rank) || a.line - b.line,
  )
  const best = ordered[0]?.signature.rank
  if (!best) return []
  const found = ROOT_CAUSE_RANKS.includes(best)
    ? ordered.filter(isRootCause)
    : ordered.filter(({ signature }) => signature.rank === best)
  const causes = found.filter((candidate, index) => !isRepeated(candidate, found.slice(0, index)))
  const most = RANKS_OF_PLACES.includes(best) ? 1 : MAX_ERRORS
  return causes
    .filter((candidate) => !isSummary(candidate, causes))
    .sort(byReason(causes))
    .slice(0, most)
}

/** Whether `earlier` has the same failure, or one with the same decisive line. */
function isRepeated(candidate: Candidate, earlier: readonly Candidate[]): boolean {
  const key = groupKey(candidate)
  return earlier.some((other) => other.line === candidate.line || groupKey(other) === key)
}

/** How many lines after a headline its reason stands at most. */
const REASON_LINES = 12

/** Headlines whose reason is in `causes` come after it. */
function byReason(causes: readonly Candidate[]): (a: Candidate, b: Candidate) => number {
  const place = ({ signature, line }: Candidate): number => {
    if (!signature.source.headline) return line
    const reason = causes.find(
      (other) =>
        !other.signature.source.headline && other.line > line && other.line <= line + REASON_LINES,
    )
    return reason ? reason.line + 0.5 : line
  }
  return (a, b) =>
    RANKS.indexOf(a.signature.rank) - RANKS.indexOf(b.signature.rank) || place(a) - place(b)
}

/** Whether the candidate only counts failures of its tool, one of which is in `causes` before it. */
function isSummary({ signature, line }: Candidate, causes: readonly Candidate[]): boolean {
  if (!signature.source.sums_up) return false
  return causes.some(
    (other) =>
      other.signature.error_code === signature.error_code &&
      !other.signature.source.sums_up &&
      other.line < line,
  )
}

/** What is reported of a matched line. */
export function toDetectedError({ signature, error_group, line, step }: Candidate): DetectedError {
  return {
    error_code: signature.error_code,
    error_group,
    cause: signature.cause,
    fault: signature.fault,
    step,
    line,
    confidence: CONFIDENCE[signature.rank],
    title: signature.title,
  }
}
