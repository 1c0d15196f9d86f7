import type { Range } from './form-index.ts'

/**
 * What a terminal does not show: colours and other control sequences, characters of no width; and a
 * backspace, which takes back the character before it.
 */
const INVISIBLE =
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])|[\x08\u00ad\u200b-\u200f\u2060\ufeff]/g

const INVISIBLE_START = /[\x1b\x08\u00ad\u200b-\u200f\u2060\ufeff]/

/** A part of a line that is seen as it stands. */
interface Piece extends Range {
  /** Where it begins in what is seen. */
  at: number
}

/** What of a line is seen on a terminal; undefined when that is the whole line. */
export function visibleText(
  line: string,
): { text: string; rangeInLine: (range: Range) => Range } | undefined {
  if (!INVISIBLE_START.test(line)) return undefined
  const pieces: Piece[] = []
  let text = ''
  let position = 0
  const take = (end: number) => {
    if (end > position) pieces.push({ start: position, end, at: text.length })
    text += line.slice(position, end)
  }
  for (const { index, 0: invisible } of line.matchAll(INVISIBLE)) {
    take(index)
    position = index + invisible.length
    if (invisible !== '\b') continue
    text = text.slice(0, -1)
    const last = pieces.at(-1)
    if (last !== undefined && --last.end === last.start) pieces.pop()
  }
  if (position === 0) return undefined
  take(line.length)
  const inLine = (index: number) => {
    const piece = pieces.findLast(({ at }) => at <= index)
    return piece === undefined ? 0 : piece.start + index - piece.at
  }
  return {
    text,
    rangeInLine: ({ start, end }) => ({ start: inLine(start), end: inLine(end - 1) + 1 }),
  }
}
