/**
 * How a change of signatures regroups logs.
 *
 * @module
 */
import type { Detection } from '../detector.ts'

/** The same log, before and after the change. */
export interface Pair {
  before: Detection
  after: Detection
}

/** Logs that went from one explanation to another. */
export interface Move {
  from: string
  to: string
  logs: number
}

export interface Regrouping {
  logs: number
  unchanged: number
  /** Explained only now. */
  gained: number
  /** Explained no longer. */
  lost: number
  /** Largest first. */
  moves: Move[]
}

export function regroup(pairs: Iterable<Pair>): Regrouping {
  const moves = new Map<string, Move>()
  const sum: Regrouping = { logs: 0, unchanged: 0, gained: 0, lost: 0, moves: [] }
  for (const { before, after } of pairs) {
    const [from, to] = [explanation(before), explanation(after)]
    sum.logs++
    if (from === to) {
      sum.unchanged++
      continue
    }
    if (before.outcome !== 'detected' && after.outcome === 'detected') sum.gained++
    if (before.outcome === 'detected' && after.outcome !== 'detected') sum.lost++
    const move = moves.get(`${from}\n${to}`) ?? { from, to, logs: 0 }
    move.logs++
    moves.set(`${from}\n${to}`, move)
  }
  return { ...sum, moves: [...moves.values()].sort((a, b) => b.logs - a.logs) }
}

/** The root cause, as it would be counted. */
function explanation({ outcome, errors: [error] }: Detection): string {
  if (outcome !== 'detected' || !error) return outcome
  return `${error.error_code} · ${error.cause} · ${error.error_group}`
}
