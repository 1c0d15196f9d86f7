import type { Range } from './range.ts'

/**
 * What a terminal does not show: colours and other control sequences, characters of no width; and a
 * backspace, which takes back the character before it.
 */
const INVISIBLE =
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])|[\x08\u00ad\u200b-\u200f\u2060\ufeff]/g

const INVISIBLE_START = /[\x1b\x08\u00ad\u200b-\u200f\u2060\ufeff]/

/** Whether a character is one that `visibleText` may leave out, or begins such a sequence. */
export function isInvisible(code: number): boolean {
  if (code < 0xad) return code === 0x1b || code === 0x08
  return code === 0xad || (code >= 0x200b && code <= 0x200f) || code === 0x2060 || code === 0xfeff
}

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
  const text = line.includes('\b') ? textOf(line, piecesOf(line)) : line.replace(INVISIBLE, '')
  if (text.length === line.length) return undefined
  let pieces: Piece[] | undefined
  const inLine = (index: number) => {
    pieces ??= piecesOf(line)
    const piece = pieces.findLast(({ at }) => at <= index)
    return piece === undefined ? 0 : piece.start + index - piece.at
  }
  return {
    text,
    rangeInLine: ({ start, end }) => ({ start: inLine(start), end: inLine(end - 1) + 1 }),
  }
}

function textOf(line: string, pieces: Piece[]): string {
  return pieces.map(({ start, end }) => line.slice(start, end)).join('')
}

function piecesOf(line: string): Piece[] {
  const pieces: Piece[] = []
  let length = 0
  let position = 0
  const take = (end: number) => {
    if (end > position) pieces.push({ start: position, end, at: length })
    length += end - position
  }
  for (const { index, 0: invisible } of line.matchAll(INVISIBLE)) {
    take(index)
    position = index + invisible.length
    const last = pieces.at(-1)
    if (invisible !== '\b' || last === undefined) continue
    length--
    if (--last.end === last.start) pieces.pop()
  }
  take(line.length)
  return pieces
}
