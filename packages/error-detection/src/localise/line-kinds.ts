/**
 * What kind of line a line is: the beginning of an error, a headline, a detail below one.
 *
 * @module
 */
import { isRootCause } from '../engine/decide.ts'
import type { Rank } from '../signature.ts'
import { RANKS } from '../signature.ts'
import type { ReadLine, View } from './view.ts'

/** How far a block reaches below its headline. */
export const BLOCK_LINES = 9

/** Whether the line begins as errors do. */
export function isStrong({ looks, noise }: ReadLine): boolean {
  if (noise || looks.has('exit') || looks.has('warn')) return false
  return (
    looks.has('glyph') ||
    looks.has('fatal') ||
    looks.has('exception') ||
    looks.has('error_head') ||
    looks.has('failed_head') ||
    looks.has('error_word')
  )
}

/** Whether a command ended well in the line. */
export function isGoodExit({ looks }: ReadLine): boolean {
  return looks.has('exit') && looks.has('zero') && !looks.has('negative')
}

/** Whether words of the line speak of something bad. */
export function isWeak({ looks, noise }: ReadLine): boolean {
  return !noise && (looks.has('negative') || looks.has('bad'))
}

/** Whether an error may stand in the lines below, for which this one is the headline. */
export function isHeadline(line: ReadLine): boolean {
  return line.match !== undefined || isStrong(line) || line.looks.has('exit')
}

/** Whether the reason may stand below the headline, in words that are not those of errors. */
export function opensBlock(line: ReadLine): boolean {
  return (
    isHeadline(line) &&
    !(line.match && isRootCause(line.match) && !line.match.signature.source.introduces)
  )
}

/** The nearest headline above the line, of the same block. */
export function headlineOf(view: View, index: number): ReadLine | undefined {
  for (let at = index - 1; at >= Math.max(0, index - BLOCK_LINES); at--) {
    if (!view.isSuspect(at) && !view.mayEcho(at)) continue
    const line = view.at(at)
    if (line.command !== undefined) return undefined
    if (!line.blank && isHeadline(line)) return line
  }
  return undefined
}

/** Whether the line is of the stack of an exception that the warning above is about. */
export function isUnderWarning(view: View, index: number): boolean {
  if (!view.at(index).looks.has('frame')) return false
  for (let at = index - 1; at >= Math.max(0, index - BLOCK_LINES); at--) {
    const line = view.at(at)
    if (isShown(line)) continue
    return line.noise || line.looks.has('warn') || line.looks.has('retry')
  }
  return false
}

/** Whether the line is one of a stack or of a printed object. */
function isShown(line: ReadLine): boolean {
  const { blank, looks } = line
  if (blank || looks.has('frame')) return true
  return !isStrong(line) && (looks.has('code_frame') || looks.has('property'))
}

/** Whether a line of a block can be its reason: words, not a frame, not advice. */
export function isDetail(line: ReadLine): boolean {
  const { looks } = line
  if (line.blank || looks.has('frame') || looks.has('code_frame')) return false
  if (looks.has('property') || looks.has('advice') || looks.has('exit')) return false
  if (looks.has('file_only')) return false
  return (
    looks.has('negative') ||
    looks.has('bad') ||
    looks.has('quoted') ||
    looks.has('code') ||
    isStrong(line)
  )
}

/** Whether a detail stands in the block of the line. */
export function hasDetail(view: View, index: number): boolean {
  const end = Math.min(view.length - 1, index + BLOCK_LINES)
  for (let at = index + 1; at <= end; at++) {
    if (!view.isSuspect(at) && !view.mayQuote(at) && !view.mayEcho(at)) continue
    const line = view.at(at)
    if (line.command !== undefined) return false
    if (isDetail(line)) return true
  }
  return false
}

export const TWO_WORDS = /\p{L}{2,30}[^\p{L}]{1,30}\p{L}{2}/u

/** Whether the line says something of its own: no command, nothing that is only shown, no success. */
export function isSaid(line: ReadLine): boolean {
  const { looks, noise, text } = line
  if (line.script || line.command !== undefined || noise || isShown(line)) return false
  if (!TWO_WORDS.test(text)) return false
  return !looks.has('harmless') && !looks.has('success') && !looks.has('brace')
}

/** Whether the line can be the answer: no other line is measured. */
export function isCandidate(view: View, index: number): boolean {
  const line = view.at(index)
  const { looks } = line
  if (line.blank || line.script) return false
  if (line.match) return !isUnderWarning(view, index)
  if (line.command !== undefined || looks.has('harmless')) return false
  if (looks.has('frame') || looks.has('code_frame') || looks.has('property')) return false
  if (isStrong(line) || isWeak(line) || looks.has('exit') || looks.has('code')) return true
  if (looks.has('success')) return false
  if (view.beginsStack(index + 1)) return true
  return headlineOf(view, index) !== undefined
}

/**
 * The rank of the line's signature; `words` where that knows it by its first word alone, `none`
 * without one.
 */
export function rankOf({ match }: ReadLine): Rank | 'words' | 'none' {
  if (!match) return 'none'
  return match.order >= RANKS.length ? 'words' : match.signature.rank
}
