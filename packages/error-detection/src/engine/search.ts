/**
 * Searches the lines of a page for the literals of all signatures, many lines at a time: they are
 * joined and encoded into one buffer, which costs less than a search of each of them.
 *
 * @module
 */
import type { KnowledgeBase } from './knowledge-base.ts'
import type { AnyLine } from './lines.ts'
import { messageOf } from './lines.ts'
import type { Needles } from './needles.ts'
import { createSearchText } from './needles.ts'
import { MAX_LENGTH, plainText } from './plain-text.ts'

/**
 * By the places of lines in their page, in their order: the ids of the literals in them. Lines
 * without any are left out.
 */
export type Hits = ReadonlyMap<number, ReadonlySet<number>>

/** Lines, and characters, that are searched together: they fit a processor's first caches. */
const BLOCK_LINES = 1_024
const BLOCK_CHARACTERS = 16 * 1_024

const NEWLINE = 10
const FOUR_NEWLINES = 0x0a0a0a0a
const ESCAPE = '\x1b'

/** UTF-8 takes at most three bytes for a UTF-16 code unit. */
const buffer = createSearchText(3 * (BLOCK_CHARACTERS + MAX_LENGTH + 2))
const encoder = new TextEncoder()

/** What is found in `page` from line `begin` on, in one part after the other. */
export function searchBlocks(
  { needles }: KnowledgeBase,
  page: readonly AnyLine[],
  begin = 0,
): Hits[] {
  const found: Hits[] = []
  let texts: string[] = []
  let characters = 0
  for (let index = begin; index < page.length; index++) {
    const raw = messageOf(page[index] as AnyLine)
    const text = raw.length > MAX_LENGTH ? plainText(raw) : raw
    texts.push(text)
    characters += text.length + 1
    if (characters < BLOCK_CHARACTERS && texts.length < BLOCK_LINES) continue
    found.push(search(needles, texts, index + 1 - texts.length))
    texts = []
    characters = 0
  }
  if (texts.length > 0) found.push(search(needles, texts, page.length - texts.length))
  return found
}

/** What is found in `raw`, of which the first one is line `from` of its page. */
function search(needles: Needles, raw: readonly string[], from: number): Hits {
  let texts = raw
  let joined = join(texts)
  // Colours stand in the middle of messages; few blocks have them, so few are joined twice.
  if (joined.includes(ESCAPE)) {
    texts = raw.map(plainText)
    joined = join(texts)
  }
  const length = encode(joined)
  const places: number[] = []
  needles.find(buffer, length, (id, at) => places.push(at, id))
  if (places.length === 0) return NOTHING
  const { hits, lines } = byLine(places, { length, from })
  // A message with a newline in it would be two lines: such a block is searched line by line.
  return lines === texts.length ? hits : lineByLine(needles, texts, from)
}

const NOTHING: Hits = new Map()

/** Every line begins after a newline: a literal may ask for it. */
function join(texts: readonly string[]): string {
  return ['', ...texts].join('\n')
}

function encode(text: string): number {
  return encoder.encodeInto(text, buffer.bytes).written
}

/**
 * `places`, pairs of a place in the buffer and a literal's id, by the lines they are in, and how many
 * lines the first `length` bytes of the buffer are.
 */
function byLine(
  places: readonly number[],
  { length, from }: { length: number; from: number },
): { hits: Hits; lines: number } {
  const hits = new Map<number, Set<number>>()
  let counted = 0
  let lines = 0
  for (let index = 0; index < places.length; index += 2) {
    const end = (places[index] as number) + 1
    // A literal may begin before one that was found before it.
    lines += end >= counted ? newlinesIn(counted, end) : -newlinesIn(end, counted)
    counted = end
    const line = from + lines - 1
    const ids = hits.get(line)
    if (ids) ids.add(places[index + 1] as number)
    else hits.set(line, new Set([places[index + 1] as number]))
  }
  return { hits, lines: lines + newlinesIn(counted, length) }
}

/** How many newlines the buffer has from byte `from` to before byte `to`: four bytes at a time. */
function newlinesIn(from: number, to: number): number {
  const { bytes, words } = buffer
  let newlines = 0
  let at = from
  for (; at < to && (at & 3) !== 0; at++) if (bytes[at] === NEWLINE) newlines++
  for (; at + 4 <= to; at += 4) {
    // No byte of a word is a newline unless one of these bytes is zero.
    const rest = (words[at >> 2] as number) ^ FOUR_NEWLINES
    if (((rest - 0x01010101) & ~rest & 0x80808080) === 0) continue
    for (let byte = at; byte < at + 4; byte++) if (bytes[byte] === NEWLINE) newlines++
  }
  for (; at < to; at++) if (bytes[at] === NEWLINE) newlines++
  return newlines
}

function lineByLine(needles: Needles, texts: readonly string[], from: number): Hits {
  const hits = new Map<number, Set<number>>()
  for (const [index, text] of texts.entries()) {
    const ids = new Set<number>()
    const length = encode(join([text.replaceAll('\n', ' ')]))
    needles.find(buffer, length, (id) => ids.add(id))
    if (ids.size > 0) hits.set(from + index, ids)
  }
  return hits
}
