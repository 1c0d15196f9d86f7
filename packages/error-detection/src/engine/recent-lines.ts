/**
 * The last few hundred lines of a log: the context of a line, and what a second look goes over.
 *
 * @module
 */
import type { AnyLine } from './lines.ts'

/** Lines before the end that a second look may go over. */
export const RECENT_LINES = 400

export interface RecentLines {
  /** Takes up the next page of the log. */
  add(page: readonly AnyLine[]): void
  /** The place in the log of the line at `index` of the last page. */
  placeOf(index: number): number
  /** At most `count` lines right before the line at `index` of the last page. */
  before(index: number, count: number): readonly AnyLine[]
  /** The last lines of the log, and the place in it of the first of them. */
  last(): { first: number; entries: readonly AnyLine[] }
  /** How many lines the log has had. */
  count(): number
}

export function createRecentLines(): RecentLines {
  let pages: (readonly AnyLine[])[] = []
  let count = 0

  /** Where in the log the last page begins. */
  function start(): number {
    return count - (pages.at(-1)?.length ?? 0)
  }

  return {
    add(page) {
      pages = [...lastPages(pages), page]
      count += page.length
    },
    placeOf: (index) => start() + index,
    before(index, most) {
      const own = pages.at(-1) ?? []
      const earlier = index < most ? pages.slice(0, -1).flat() : []
      return [...earlier, ...own.slice(Math.max(0, index - most), index)].slice(-most)
    },
    last() {
      const own = pages.at(-1) ?? []
      const entries = (own.length < RECENT_LINES ? pages.flat() : own).slice(-RECENT_LINES)
      return { first: count - entries.length, entries }
    },
    count: () => count,
  }
}

/** The last pages that together hold as many lines as are remembered, each no longer than that. */
function lastPages(pages: readonly (readonly AnyLine[])[]): (readonly AnyLine[])[] {
  const last: (readonly AnyLine[])[] = []
  let lines = 0
  for (const page of [...pages].reverse()) {
    if (lines >= RECENT_LINES) break
    last.unshift(page.slice(-RECENT_LINES))
    lines += page.length
  }
  return last
}
