/**
 * The lines around early matches, for when the log has gone on for so long that they are no longer
 * among the last ones. However long the log is, there are only so many.
 *
 * @module
 */
import type { Step } from '@workers-builds/contracts'
import type { Match } from './knowledge-base.ts'
import type { AnyLine } from './lines.ts'
import { messageOf, stepOf } from './lines.ts'
import type { ViewLine } from './view-line.ts'

/** Lines before and after a match that show what it belongs to. */
export const PASSAGE_LINES = 10
const MAX_PASSAGES = 32

interface Passage {
  line: number
  match: Match
  lines: ViewLine[]
  /** Lines after it that were not printed yet. */
  missing: number
}

export interface Passages {
  /** The next page of the log begins. */
  turn(page: readonly AnyLine[]): void
  /** Keeps what stands around the line at `index` of the present page. */
  keep(found: Found): void
  clear(): void
  /** The lines before `end`, in their order. */
  linesBefore(end: number): ViewLine[]
}

interface Found {
  index: number
  /** Its place in the log. */
  line: number
  step: Step | null
  match: Match
  /** The lines right before it. */
  before: readonly AnyLine[]
}

export function createPassages(): Passages {
  let passages: Passage[] = []
  let page: readonly AnyLine[] = []
  return {
    turn(next) {
      page = next
      for (const passage of passages) if (passage.missing > 0) addAfter(passage, page, 0)
    },
    keep({ index, line, step, match, before }) {
      const passage: Passage = { line, match, lines: [], missing: PASSAGE_LINES }
      for (const [at, entry] of before.entries()) {
        passage.lines.push(lineOf(entry, line - before.length + at, step))
      }
      passage.lines.push({ ...lineOf(page[index] as AnyLine, line, step), match })
      addAfter(passage, page, index + 1)
      passages.push(passage)
      if (passages.length > MAX_PASSAGES) passages = withoutWorst(passages)
    },
    clear() {
      passages = []
    },
    linesBefore(end) {
      const lines = new Map<number, ViewLine>()
      for (const passage of passages) {
        for (const line of passage.lines) {
          if (line.line < end && !lines.get(line.line)?.match) lines.set(line.line, line)
        }
      }
      return [...lines.values()].sort((a, b) => a.line - b.line)
    },
  }
}

function addAfter(passage: Passage, page: readonly AnyLine[], from: number): void {
  const first = (passage.lines.at(-1)?.line ?? passage.line) + 1
  const step = passage.lines.at(-1)?.step ?? null
  const entries = page.slice(from, from + passage.missing)
  for (const [at, entry] of entries.entries()) {
    passage.lines.push(lineOf(entry, first + at, step))
  }
  passage.missing -= entries.length
}

function lineOf(entry: AnyLine, line: number, step: Step | null): ViewLine {
  return { line, step: stepOf(entry) ?? step, message: messageOf(entry) }
}

/** Without the one that is the furthest from a cause; the last of equals. */
function withoutWorst(passages: readonly Passage[]): Passage[] {
  const worst = Math.max(...passages.map(({ match }) => match.order))
  const at = passages.findLastIndex(({ match }) => match.order === worst)
  return passages.filter((_, index) => index !== at)
}
