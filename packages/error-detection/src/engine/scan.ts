/**
 * Reads a log once and collects the lines that may say why the build failed. What it holds does not
 * grow with the log: one candidate per group, and the last few hundred lines.
 *
 * @module
 */
import type { Marker } from '../signature.ts'
import { createCandidates } from './candidates.ts'
import type { Candidate } from './decide.ts'
import { isRootCause } from './decide.ts'
import type { KnowledgeBase, Match } from './knowledge-base.ts'
import type { AnyLine, RecentLine } from './lines.ts'
import { messageOf, pagesOf } from './lines.ts'
import { bestMatch } from './match-line.ts'
import { createPassages, PASSAGE_LINES } from './passages.ts'
import { plainText } from './plain-text.ts'
import { createRecentLines, RECENT_LINES } from './recent-lines.ts'
import { searchBlocks } from './search.ts'
import type { StepChange } from './step-tracker.ts'
import { createStepTracker } from './step-tracker.ts'
import type { ViewLine } from './view-line.ts'

/** Lines before another one that show what it belongs to. */
const CONTEXT_LINES = 40

export interface Scan {
  read(lines: Iterable<AnyLine>): void
  candidates(): Candidate[]
  /** The last lines, but for those that hold no cause since the build went on after them. */
  recent(): readonly RecentLine[]
  /** The same with their signatures, and before them what stands around earlier matches. */
  view(recent?: readonly RecentLine[]): ViewLine[]
  linesRead(): number
}

export function createScan(knowledge: KnowledgeBase): Scan {
  const steps = createStepTracker()
  const candidates = createCandidates()
  const recent = createRecentLines()
  const passages = createPassages()
  /** The first line that may hold the cause. */
  let since = 0
  /** By their places, the signatures of the last lines. */
  const matches = new Map<number, Match>()
  /** What stands before this line was no cause, but for what says so by itself. */
  let weakSince = 0

  function readPage(page: readonly AnyLine[]): void {
    recent.add(page)
    passages.turn(page)
    const changes = steps.changesIn(page)
    let followed = 0
    // When a later step begins, the earlier ones ended well and hold no cause.
    const followTo = (end: number) => {
      for (; followed < changes.length; followed++) {
        const { index } = changes[followed] as StepChange
        if (index > end) break
        if (steps.follow(page[index] as AnyLine)) absolveBefore(recent.placeOf(index))
      }
    }
    const begin = changes.findLast(({ advances }) => advances)?.index ?? 0
    for (const hits of searchBlocks(knowledge, page, begin)) {
      for (const [index, literals] of hits) {
        followTo(index)
        readHit(page, index, literals)
      }
    }
    followTo(page.length)
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
    if (!match) return
    candidates.keep({ ...match, line, step })
    remember(line, match)
    if (isRootCause(match)) {
      passages.keep({ index, line, step, match, before: recent.before(index, PASSAGE_LINES) })
    }
  }

  function remember(line: number, match: Match): void {
    matches.set(line, match)
    for (const [old] of matches) {
      if (old > line - RECENT_LINES) break
      matches.delete(old)
    }
  }

  function applyMarker({ begins, shows_tool, absolves }: Marker, tool: string, line: number): void {
    if (begins) steps.announce(begins)
    if (shows_tool) steps.show(tool)
    if (absolves === 'all') absolveBefore(line)
    if (absolves === 'weak') {
      candidates.clearWeak()
      weakSince = line
    }
  }

  /** Nothing before `line` was the cause. */
  function absolveBefore(line: number): void {
    candidates.clear()
    passages.clear()
    since = line
  }

  /** The last messages that are not blank before the line at `index` of the present page. */
  function messagesBefore(index: number): string[] {
    return recent
      .before(index, CONTEXT_LINES)
      .map((entry) => knowledge.normalise(plainText(messageOf(entry))))
      .filter((message) => message !== '')
  }

  function recentLines(): RecentLine[] {
    const { first, entries } = recent.last()
    const lines: RecentLine[] = []
    for (let index = Math.max(0, since - first); index < entries.length; index++) {
      const entry = entries[index] as AnyLine
      lines.push({ line: first + index, step: steps.stepAt(entry), message: messageOf(entry) })
    }
    return lines
  }

  return {
    read(lines) {
      for (const page of pagesOf(lines)) readPage(page)
    },
    candidates: () => candidates.list(),
    recent: recentLines,
    view(recent = recentLines()) {
      const lines = recent.map((line): ViewLine => {
        const match = matches.get(line.line)
        return match ? { ...line, match } : line
      })
      const view = [...passages.linesBefore(lines[0]?.line ?? 0), ...lines]
      if (weakSince === 0) return view
      return view.map((line) => (line.line < weakSince ? { ...line, absolved: true } : line))
    },
    linesRead: () => recent.count(),
  }
}
