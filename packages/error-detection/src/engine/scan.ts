/**
 * Reads a log once and collects the lines that may say why the build failed. What it holds does not
 * grow with the log: one candidate per group, and the last few hundred lines.
 *
 * @module
 */
import type { Marker } from '../signature.ts'
import { createCandidates } from './candidates.ts'
import type { Candidate } from './decide.ts'
import type { KnowledgeBase } from './knowledge-base.ts'
import type { AnyLine, RecentLine } from './lines.ts'
import { messageOf, pagesOf } from './lines.ts'
import { bestMatch } from './match-line.ts'
import { plainText } from './plain-text.ts'
import { createRecentLines } from './recent-lines.ts'
import { searchBlocks } from './search.ts'
import { createStepTracker } from './step-tracker.ts'

/** Lines before another one that show what it belongs to. */
const CONTEXT_LINES = 40

export interface Scan {
  read(lines: Iterable<AnyLine>): void
  candidates(): Candidate[]
  /** The last lines, but for those that hold no cause since the build went on after them. */
  recent(): readonly RecentLine[]
  linesRead(): number
}

export function createScan(knowledge: KnowledgeBase): Scan {
  const steps = createStepTracker()
  const candidates = createCandidates()
  const recent = createRecentLines()
  /** The first line that may hold the cause. */
  let since = 0

  function readPage(page: readonly AnyLine[]): void {
    recent.add(page)
    const begin = steps.lastAdvance(page)
    for (let index = 0; index < begin; index++) followStep(page, index)
    for (const { from, to, hits } of searchBlocks(knowledge, page, begin)) {
      for (let index = from; index < to; index++) {
        followStep(page, index)
        const literals = hits?.get(index)
        if (literals) readHit(page, index, literals)
      }
    }
  }

  /** When a later step begins, the earlier ones ended well and hold no cause. */
  function followStep(page: readonly AnyLine[], index: number): void {
    if (steps.follow(page[index] as AnyLine)) absolveBefore(recent.placeOf(index))
  }

  function readHit(page: readonly AnyLine[], index: number, hits: ReadonlySet<number>): void {
    const entry = page[index] as AnyLine
    const text = plainText(messageOf(entry))
    if (knowledge.isRoutine(text)) return
    const message = knowledge.normalise(text)
    const line = recent.placeOf(index)
    for (const id of hits) {
      for (const { marker, tool } of knowledge.byNeedle[id]?.markers ?? []) {
        if (marker.when.test(message)) applyMarker(marker, tool, line)
      }
    }
    const step = steps.stepAt(entry)
    const match = bestMatch(knowledge, {
      message,
      step,
      hits,
      running: steps.running,
      before: () => messagesBefore(index),
    })
    if (match) candidates.keep({ ...match, line, step })
  }

  function applyMarker({ begins, shows_tool, absolves }: Marker, tool: string, line: number): void {
    if (begins) steps.announce(begins)
    if (shows_tool) steps.show(tool)
    if (absolves === 'all') absolveBefore(line)
    if (absolves === 'weak') candidates.clearWeak()
  }

  /** Nothing before `line` was the cause. */
  function absolveBefore(line: number): void {
    candidates.clear()
    since = line
  }

  /** The last messages that are not blank before the line at `index` of the present page. */
  function messagesBefore(index: number): string[] {
    return recent
      .before(index, CONTEXT_LINES)
      .map((entry) => knowledge.normalise(plainText(messageOf(entry))))
      .filter((message) => message !== '')
  }

  return {
    read(lines) {
      for (const page of pagesOf(lines)) readPage(page)
    },
    candidates: () => candidates.list(),
    recent: () =>
      recent
        .last()
        .filter(({ line }) => line >= since)
        .map(({ line, entry }) => ({
          line,
          step: steps.stepAt(entry),
          message: messageOf(entry),
        })),
    linesRead: () => recent.count(),
  }
}
