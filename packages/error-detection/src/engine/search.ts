/**
 * Searches the lines of a page for the literals of all signatures, many lines at a time: they are
 * joined and encoded into one buffer, which costs less than looking into each of them.
 *
 * @module
 */
import { knowledgeBase } from './knowledge-base.ts'
import { createSearchText } from './needles.ts'
import { MAX_LENGTH, plainText } from './normalise.ts'
import type { AnyLine } from './scan.ts'

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
const ESCAPE = 27

/** UTF-8 takes at most three bytes for a UTF-16 code unit. */
const buffer = createSearchText(3 * (BLOCK_CHARACTERS + MAX_LENGTH + 2))
const encoder = new TextEncoder()

/** The blocks of `page`, one after the other. */
export function searchBlocks(page: readonly AnyLine[]): Block[] {
  const blocks: Block[] = []
  let from = 0
  let texts: string[] = []
  let characters = 0
  for (let index = 0; index < page.length; index++) {
    const entry = page[index] as AnyLine
    const raw = typeof entry === 'string' ? entry : entry[2]
    const text = raw.length > MAX_LENGTH ? plainText(raw) : raw
    texts.push(text)
    characters += text.length + 1
    if (characters < BLOCK_CHARACTERS && texts.length < BLOCK_LINES) continue
    blocks.push({ from, to: index + 1, hits: search(texts, from) })
    from = index + 1
    texts = []
    characters = 0
  }
  if (texts.length > 0) blocks.push({ from, to: page.length, hits: search(texts, from) })
  return blocks
}

/** What is found in `texts`, of which the first one is line `from` of its page. */
function search(texts: readonly string[], from: number): Block['hits'] {
  let length = encode(texts)
  // Colours stand in the middle of messages; few lines have them, so few are searched twice.
  if (buffer.bytes.subarray(0, length).includes(ESCAPE)) length = encode(texts.map(plainText))
  const places: number[] = []
  knowledgeBase().needles.find(buffer, length, (id, at) => places.push(at, id))
  return places.length === 0 ? undefined : byLine(places, { texts, from, length })
}

function encode(texts: readonly string[]): number {
  // Every line begins after a newline: a literal may ask for it.
  return encoder.encodeInto(`\n${texts.join('\n')}`, buffer.bytes).written
}

interface Joined {
  texts: readonly string[]
  from: number
  length: number
}

/** `places`, pairs of a place in the buffer and a literal's id, by the lines they are in. */
function byLine(places: readonly number[], { texts, from, length }: Joined): Block['hits'] {
  const starts = lineStarts(length)
  // A message with a newline in it would shift all that follow: such a block is searched line by line.
  if (starts.length !== texts.length) return lineByLine(texts, from)
  const hits = new Map<number, Set<number>>()
  for (let index = 0; index < places.length; index += 2) {
    const line = from + lineAt(starts, (places[index] as number) + 1)
    const ids = hits.get(line) ?? new Set()
    hits.set(line, ids.add(places[index + 1] as number))
  }
  return hits
}

function lineByLine(texts: readonly string[], from: number): Block['hits'] {
  const hits = new Map<number, Set<number>>()
  for (const [index, text] of texts.entries()) {
    const ids = new Set<number>()
    const length = encode([text.replaceAll('\n', ' ')])
    knowledgeBase().needles.find(buffer, length, (id) => ids.add(id))
    if (ids.size > 0) hits.set(from + index, ids)
  }
  return hits
}

/** Where in the buffer each line begins, after its newline. */
function lineStarts(length: number): number[] {
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
