/**
 * The lines of a log, as a caller hands them in and as a scan remembers them.
 *
 * @module
 */
import type { LogLine, Step } from '@workers-builds/contracts'

/** A line of a log: as it is stored, or only its message. */
export type AnyLine = LogLine | string

/** A line that is remembered, with its place in the log. */
export interface RecentLine {
  line: number
  step: Step | null
  message: string
}

/** The step that is stored with `line`. */
export function stepOf(line: AnyLine): Step | null {
  return typeof line === 'string' ? null : line[1]
}

export function messageOf(line: AnyLine): string {
  return typeof line === 'string' ? line : line[2]
}

/** Lines that are searched together when they do not come in pages. */
const PAGE_LINES = 1_000

/** `lines` in pages; a list is one page. */
export function* pagesOf(lines: Iterable<AnyLine>): Generator<readonly AnyLine[]> {
  if (Array.isArray(lines)) {
    yield lines
    return
  }
  let page: AnyLine[] = []
  for (const line of lines) {
    page.push(line)
    if (page.length < PAGE_LINES) continue
    yield page
    page = []
  }
  yield page
}
