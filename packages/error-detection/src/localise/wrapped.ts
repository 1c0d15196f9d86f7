/**
 * Puts lines together again that a narrow terminal has wrapped, as in logs that people paste.
 *
 * @module
 */
import type { KnowledgeBase } from '../engine/knowledge-base.ts'
import { matchLine } from '../engine/match-line.ts'
import { plainText } from '../engine/plain-text.ts'
import type { ViewLine } from '../engine/view-line.ts'

/** Wider lines are not those of a terminal. */
const MAX_WIDTH = 130
/** In fewer lines nothing can be learnt. */
const MIN_LINES = 6
/** The share of lines that reach the edge when a terminal wraps: by characters, or at spaces. */
const SHARE_CUT = 0.12
const SHARE_FULL = 0.3
const STAMPED = /^[\s>]{0,3}\[?(?:\d{4}-\d\d-\d\d|\d{1,2}:\d\d:\d\d)/
const BEGINNING =
  /^\s*(?:[✘✖×⨯❌✗✓✔>$#┌└├│╭╰*•-]|[xX] \[|\[?(?:ERR|error|Error|fatal|warn|WARN|npm)|Failed: |Stack trace:|\w{0,40}(?:Error|Exception)\b|at\s|\S{1,60}\s+\||~~>|==>|-----)/

/** Most lines that are put together. */
const MAX_JOINED = 12

/** `lines`, or fewer ones where a terminal has wrapped them; each keeps the place where it begins. */
export function unwrap(knowledge: KnowledgeBase, lines: readonly ViewLine[]): readonly ViewLine[] {
  if (lines.length < MIN_LINES) return lines
  if (lines.some(({ message }) => message.length > 2 * MAX_WIDTH)) return lines
  // What prints times prints no pasted text.
  if (lines.slice(0, MIN_LINES).filter(({ message }) => STAMPED.test(message)).length > 1)
    return lines
  const texts = lines.map(({ message }) => plainText(message))
  const width = Math.max(...texts.map(({ length }) => length))
  if (width > MAX_WIDTH) return lines
  const cut = texts.map((text, index) => isFollowed(texts, index) && text.length >= width)
  const full = texts.map(
    (text, index) => isFollowed(texts, index) && isFull(text, texts[index + 1] ?? '', width),
  )
  const followed = texts.filter((_, index) => isFollowed(texts, index)).length
  // The longest line of any log is as wide as the log.
  const isCut = cut.filter(Boolean).length > 1 && share(cut, followed) >= SHARE_CUT
  const isWrapped = width <= 80 && share(full, followed) >= SHARE_FULL
  if (!isCut && !isWrapped) return lines
  const joined: ViewLine[] = []
  for (let index = 0; index < lines.length; index++) {
    const first = lines[index] as ViewLine
    let message = texts[index] as string
    let parts = 1
    while (parts < MAX_JOINED && (cut[index] || (isWrapped && full[index]))) {
      if (beginsAnew(texts[index + 1] as string)) break
      const glue = cut[index] || /\s$/.test(message) ? '' : ' '
      index++
      parts++
      message += glue + (texts[index] as string).trimStart()
    }
    const match =
      parts === 1
        ? first.match
        : (matchLine(knowledge, { text: message, step: first.step }) ?? first.match)
    joined.push({ ...first, message: parts === 1 ? first.message : message, match })
  }
  return joined
}

/** Whether a line is the beginning of a message, and no rest of one. */
function beginsAnew(text: string): boolean {
  return BEGINNING.test(text)
}

function isFollowed(texts: readonly string[], index: number): boolean {
  return (texts[index] ?? '').trim() !== '' && (texts[index + 1] ?? '').trim() !== ''
}

/** Whether the next line's first word had no room behind `text`. */
function isFull(text: string, next: string, width: number): boolean {
  const word = /^\s*(\S+)/.exec(next)?.[1] ?? ''
  return text.trimEnd().length + 1 + word.length > width
}

function share(which: readonly boolean[], of: number): number {
  return of === 0 ? 0 : which.filter(Boolean).length / of
}
