/**
 * Finds the lines of a log that say why its build failed, whatever they are called.
 *
 * @module
 */
import type { KnowledgeBase } from '../engine/knowledge-base.ts'
import type { ViewLine } from '../engine/view-line.ts'
import { RANKS } from '../signature.ts'
import type { Witness } from '../witness/line-templates.ts'
import type { Model } from './model.ts'
import { scoreOf } from './model.ts'
import { linesOfInterest } from './passage.ts'
import type { Survey } from './survey.ts'
import { surveyOf } from './survey.ts'
import { saysThatItFailed } from './verdict.ts'
import type { View } from './view.ts'
import { createView } from './view.ts'
import { unwrap } from './wrapped.ts'

export interface Localised {
  view: View
  log: Survey
  /** Places in the view of the lines that can be the answer, the likeliest one first. */
  ranked: readonly number[]
  /** Whether the log shows that the build failed. */
  failed: boolean
}

/**
 * Ranks `lines`, of which those that can be the answer are looked at closely. What the last good
 * build printed as well, by `witness`, counts less.
 */
export function localise(
  knowledge: KnowledgeBase,
  model: Model,
  lines: readonly ViewLine[],
  witness?: Witness,
): Localised {
  const interesting = linesOfInterest(lines)
  // Where there is a witness, the log came straight from a build: no terminal has wrapped it.
  const view = createView(knowledge, witness ? interesting : unwrap(knowledge, interesting))
  const log = surveyOf(view, witness)
  const ranked = rank(model, { view, log, witness })
  const [top] = ranked
  return { view, log, ranked, failed: top !== undefined && saysThatItFailed(view, log, top) }
}

/** Scores that differ by less say that two lines are equally likely. */
const CLOSE = 0.25

/**
 * What a line loses that the last good build printed as well. Measured on pairs of builds: less
 * leaves some of these lines first, more changes nothing.
 */
const SEEN_IN_GOOD_BUILD = 8

/** The candidates of `log`, the likeliest one first. */
export function rank(
  model: Model,
  { view, log, witness }: { view: View; log: Survey; witness?: Witness | undefined },
): number[] {
  if (log.candidates.length === 1) return [...log.candidates]
  const scored = log.candidates
    .map((index) => ({
      index,
      score:
        scoreOf(model, { view, log }, index) -
        (witness?.(view.lines[index]?.message ?? '') ? SEEN_IN_GOOD_BUILD : 0),
      order: view.at(index).match?.order ?? NO_ORDER,
    }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
  const [first] = scored
  if (!first) return []
  // Of those that are as likely as the first, the one whose signature is closest to a root cause;
  // of equals, the one that comes first.
  const best = scored
    .filter(({ score }) => first.score - score < CLOSE)
    .reduce((a, b) => (b.order < a.order || (b.order === a.order && b.index < a.index) ? b : a))
  const settled = scored.find(({ index }) => view.at(index).match?.signature.source.settles)
  const reason = isHeadline(view, best.index)
    ? scored
        .filter(({ index }) => isReasonBelow(view, { index, headline: best.index }))
        .toSorted((a, b) => a.index - b.index)[0]
    : undefined
  const top = settled ?? reason ?? best
  return [top, ...scored.filter((other) => other !== top)].map(({ index }) => index)
}

/** How many lines below a headline the reason stands at most. */
const REASON_LINES = 2

function isHeadline(view: View, index: number): boolean {
  return view.at(index).match?.signature.source.headline === true
}

/** Whether the line gives the reason of the headline above it, as a signature knows. */
function isReasonBelow(
  view: View,
  { index, headline }: { index: number; headline: number },
): boolean {
  if (index <= headline || index > headline + REASON_LINES) return false
  const signature = view.at(index).match?.signature
  return signature !== undefined && signature.rank === 'specific' && !isHeadline(view, index)
}

/** After those of all signatures. */
const NO_ORDER = RANKS.length + 1
