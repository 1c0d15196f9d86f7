/**
 * Signatures that claimed to be a root cause in a labelled log, where the decisive line was another.
 *
 * @module
 */
import { isRootCause } from '../src/engine/decide.ts'
import { compareMatches } from '../src/engine/knowledge-base.ts'
import type { ReadLine } from '../src/localise/view.ts'
import { causeOfWords } from '../src/naming/phrases.ts'
import type { LabelledLog } from './labelled-logs.ts'

/**
 * In how many of `logs` a signature had the best rank and not the decisive line, nor one beside it,
 * though the words of its line name no cause. Each of them has to be marked as what it is, a wrapper,
 * a headline, a count: `signatures.spec.ts` looks at what the training command writes down.
 */
export function outrankingIn(logs: readonly LabelledLog[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const log of logs) {
    const best = log.failed ? bestOf(log) : undefined
    if (!best?.match || !isRootCause(best.match) || causeOfWords(best.core) !== undefined) continue
    const line = log.view.lines[best.index]?.line ?? -2
    if ([line - 1, line, line + 1].some((at) => log.decisive.has(at))) continue
    const { id } = best.match.signature
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function bestOf({ view }: LabelledLog): ReadLine | undefined {
  let best: ReadLine | undefined
  for (let index = 0; index < view.length; index++) {
    const line = view.at(index)
    if (line.match && (!best?.match || compareMatches(line.match, best.match) < 0)) best = line
  }
  return best
}
