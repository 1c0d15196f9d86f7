/**
 * What of a log is looked at closely: the lines around those that a signature knows, and the end.
 * Where no signature knows any, it is everything that is remembered.
 *
 * @module
 */
import { isRootCause } from '../engine/decide.ts'
import type { ViewLine } from '../engine/view-line.ts'

/** Lines before a known one in which a quieter cause may stand, and lines that follow it. */
const BEFORE = 40
const AFTER = 16
/** Lines at the end: enough to say how it all ended, and more where no cause is known. */
const LAST = 24
const LAST_WITHOUT_CAUSE = 120

/** Those of `lines` that are looked at. */
export function linesOfInterest(lines: readonly ViewLine[]): readonly ViewLine[] {
  const known: number[] = []
  const causes: number[] = []
  for (const [index, { match }] of lines.entries()) {
    if (!match) continue
    known.push(index)
    if (isRootCause(match)) causes.push(index)
  }
  if (known.length === 0) return lines
  const around = causes.length > 0 ? causes : known
  const last = lines.length - (causes.length > 0 ? LAST : LAST_WITHOUT_CAUSE)
  let next = 0
  return lines.filter((_, index) => {
    while (next < around.length - 1 && index > (around[next] as number) + AFTER) next++
    const line = around[next] as number
    return (index >= line - BEFORE && index <= line + AFTER) || index >= last
  })
}
