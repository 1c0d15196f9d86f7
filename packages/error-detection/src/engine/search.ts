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

/** Some lines of a page, and what was found in them. */
export interface Block {
  /** The first line, and the one after the last. */
  from: number
  to: number
  /** By the place of the line in its page, the ids of the literals in it; undefined when none. */
  hits: ReadonlyMap<number, ReadonlySet<number>> | undefined
}

/** Lines, and characters, that are searched together: they fit a processor's first caches. */
const BLOCK_LINES = 1_024
const BLOCK_CHARACTERS = 16 * 1_024

const NEWLINE = 10
const ESCAPE = '\x1b'

/** UTF-8 takes at most three bytes for a UTF-16 code unit. */
const buffer = createSearchText(3 * (BLOCK_CHARACTERS + MAX_LENGTH + 2))
const encoder = new TextEncoder()

/** The blocks of `page` from line `begin` on, one after the other. */
export function searchBlocks(
  { needles }: KnowledgeBase,
  page: readonly AnyLine[],
  begin = 0,
): Block[] {
  const blocks: Block[] = []
  let from = begin
  let texts: string[] = []
  let characters = 0
  for (let index = begin; index < page.length; index++) {
    const raw = messageOf(page[index] as AnyLine)
    const text = raw.length > MAX_LENGTH ? plainText(raw) : raw
    texts.push(text)
    characters += text.length + 1
    if (characters < BLOCK_CHARACTERS && texts.length < BLOCK_LINES) continue
    blocks.push({ from, to: index + 1, hits: search(needles, texts, from) })
    from = index + 1
    texts = []
    characters = 0
  }
  if (texts.length > 0) blocks.push({ from, to: page.length, hits: search(needles, texts, from) })
  return blocks
}

/** What is found in `raw`, of which the first one is line `from` of its page. */
function search(needles: Needles, raw: readonly string[], from: number): Block['hits'] {
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
  if (places.length === 0) return undefined
  // A message with a newline in it would be two lines: such a block is searched line by line.
  if (texts.some((text) => text.includes('\n'))) return lineByLine(needles, texts, from)
  const starts = length === joined.length ? startsOf(texts) : startsIn(length)
  return byLine(places, { starts, from })
}

/** Every line begins after a newline: a literal may ask for it. */
function join(texts: readonly string[]): string {
  return ['', ...texts].join('\n')
}

function encode(text: string): number {
  return encoder.encodeInto(text, buffer.bytes).written
}

interface Lines {
  /** Where in the buffer each line begins, after its newline. */
  starts: readonly number[]
  /** The place in its page of the first one. */
  from: number
}

/** `places`, pairs of a place in the buffer and a literal's id, by the lines they are in. */
function byLine(places: readonly number[], { starts, from }: Lines): Block['hits'] {
  const hits = new Map<number, Set<number>>()
  for (let index = 0; index < places.length; index += 2) {
    const line = from + lineAt(starts, (places[index] as number) + 1)
    const ids = hits.get(line) ?? new Set()
    hits.set(line, ids.add(places[index + 1] as number))
  }
  return hits
}

function lineByLine(needles: Needles, texts: readonly string[], from: number): Block['hits'] {
  const hits = new Map<number, Set<number>>()
  for (const [index, text] of texts.entries()) {
    const ids = new Set<number>()
    const length = encode(join([text.replaceAll('\n', ' ')]))
    needles.find(buffer, length, (id) => ids.add(id))
    if (ids.size > 0) hits.set(from + index, ids)
  }
  return hits
}

/** Where each of `texts` begins, when each of their characters is one byte. */
function startsOf(texts: readonly string[]): number[] {
  let start = 1
  return texts.map((text) => {
    const own = start
    start += text.length + 1
    return own
  })
}

/** Where the lines of the first `length` bytes of the buffer begin. */
function startsIn(length: number): number[] {
  const starts: number[] = []
  const text = buffer.bytes.subarray(0, length)
  for (let at = text.indexOf(NEWLINE); at !== -1; at = text.indexOf(NEWLINE, at + 1)) {
    starts.push(at + 1)
  }
  return starts
}

/** The last of `starts` that is not after `at`. */
function lineAt(starts: readonly number[], at: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] as number) <= at) low = middle
    else high = middle - 1
  }
  return low
}
