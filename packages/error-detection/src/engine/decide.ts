/**
 * Which of the lines that matched say why the build failed, and in what order.
 *
 * @module
 */

import type { DetectedError, Step } from '@workers-builds/contracts'
import type { Rank } from '../signature.ts'
import { RANKS } from '../signature.ts'
import type { Match } from './knowledge-base.ts'

/** A matched line. */
export interface Candidate extends Match {
  line: number
  step: Step | null
}

/** Most errors that one build is given: a person reads no more, and the first says why. */
export const MAX_ERRORS = 5

const CONFIDENCE: Readonly<Record<Rank, number>> = {
  infrastructure: 0.95,
  specific: 0.9,
  family: 0.7,
  wrapper: 0.4,
  stage: 0.3,
}

/** Ranks that are told together; of a lower one only the best is, and only when it is all there is. */
const CAUSES_OF_THEIR_OWN: readonly Rank[] = ['infrastructure', 'specific']

export function isCauseOfItsOwn({ signature }: Candidate): boolean {
  return CAUSES_OF_THEIR_OWN.includes(signature.rank)
}

/** Whether a candidate says only what failed, not why. */
export function saysOnlyWhere({ signature: { rank } }: Candidate): boolean {
  return rank === 'wrapper' || rank === 'stage'
}

/** The errors of a build, root cause first. */
export function decide(candidates: Iterable<Candidate>): DetectedError[] {
  const ordered = [...candidates].sort(
    (a, b) => RANKS.indexOf(a.signature.rank) - RANKS.indexOf(b.signature.rank) || a.line - b.line,
  )
  const best = ordered[0]?.signature.rank
  if (!best) return []
  const told = CAUSES_OF_THEIR_OWN.includes(best)
    ? ordered.filter(isCauseOfItsOwn)
    : ordered.filter(({ signature }) => signature.rank === best)
  const single = told.filter((candidate) => !isSummedUp(candidate, told))
  const most = best === 'wrapper' || best === 'stage' ? 1 : MAX_ERRORS
  return single.slice(0, most).map(toDetectedError)
}

/** Whether it only counts failures of its tool that `told` has as well. */
function isSummedUp({ signature, line }: Candidate, told: readonly Candidate[]): boolean {
  if (!signature.source.sums_up) return false
  return told.some(
    (other) =>
      other.signature.error_code === signature.error_code &&
      !other.signature.source.sums_up &&
      other.line < line,
  )
}

function toDetectedError({ signature, error_group, line, step }: Candidate): DetectedError {
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
