/**
 * Finds which of thousands of literals occur in a text, in one pass that looks at it four bytes at a
 * time.
 *
 * Every literal is known by a few of its grams, at consecutive places. A text is read in steps as
 * long as that row of grams: wherever a literal begins, one of its grams lies on a step. One lookup
 * in a table almost always rules out every literal, however many there are. Long literals are
 * searched for by grams of eight bytes, apart from the few short ones.
 *
 * @module
 */

/** UTF-8 text to search, as bytes and as words of four bytes; the memory is the same. */
export interface SearchText {
  bytes: Uint8Array
  words: Int32Array
}

/** Room for a text of `size` bytes. */
export function createSearchText(size: number): SearchText {
  const memory = new ArrayBuffer((size + 16) & ~7)
  return { bytes: new Uint8Array(memory), words: new Int32Array(memory) }
}

export interface Needles {
  /** Calls `found` with each literal in the first `length` bytes of `text`, and its place. */
  find(text: SearchText, length: number, found: Found): void
}

type Found = (id: number, at: number) => void

/** Bytes of a gram; a step has the same length. */
type Gram = 4 | 8

/** Shortest literal that can be found: wherever it begins, it holds one whole step. */
export const MIN_LITERAL_BYTES = 2 * 4 - 1

/** The same for grams of eight bytes. */
const LONG = 2 * 8 - 1

/** Bits of an address in the tables of grams. */
const TABLE_BITS = 18

/** A finder of `literals`; the id of a literal is its place in the list. */
export function compileNeedles(literals: readonly string[]): Needles {
  const encoder = new TextEncoder()
  const all = literals.map((literal, id) => ({ bytes: encoder.encode(literal), id }))
  const tooShort = all.find(({ bytes }) => bytes.length < MIN_LITERAL_BYTES)
  if (tooShort) throw new Error(`"${literals[tooShort.id]}" is too short to be searched for`)
  const long = compileTier(
    8,
    all.filter(({ bytes }) => bytes.length >= LONG),
  )
  const short = compileTier(
    4,
    all.filter(({ bytes }) => bytes.length < LONG),
  )
  return {
    find(text, length, found) {
      text.bytes.fill(0, length, length + 8)
      search({ short, long }, text, length, found)
    },
  }
}

interface Member {
  bytes: Uint8Array
  id: number
}

/** Literals of like length. Entry n stands for one gram of one literal; 0 is none. */
interface Tier {
  gram: Gram
  /** A bit for each address that has an entry; it fits a processor's first cache, the others don't. */
  present: Int32Array
  /** By address, where its first entry begins in `entries`. */
  first: Int32Array
  /**
   * Of each entry its key, where the next entry of the same address begins, where in the literal the
   * gram is, and a probe: the place from the gram, and the value, of a byte that is no part of it.
   * They lie together, so that one line of a cache holds them.
   */
  entries: Int32Array
  members: readonly Member[]
}

/** Numbers per entry; the first entry stays empty, since 0 stands for none. */
const ENTRY = 5

function compileTier(gram: Gram, members: readonly Member[]): Tier {
  const tier: Tier = {
    gram,
    present: new Int32Array(1 << (TABLE_BITS - 5)),
    first: new Int32Array(1 << TABLE_BITS),
    entries: new Int32Array((members.length * gram + 1) * ENTRY),
    members,
  }
  const frequencies = gramFrequencies(members, gram)
  const ordinary = ordinaryGrams(gram)
  let entry = 0
  for (const { bytes } of members) {
    const start = rarestRow({ bytes, gram, frequencies, ordinary })
    for (let offset = start; offset < start + gram; offset++) {
      const key = keyOf(bytes, offset, gram)
      const address = addressOf(key)
      const probe = probeOf(bytes, offset, gram)
      entry += ENTRY
      tier.entries.set(
        [key, tier.first[address] as number, offset, probe - offset, bytes[probe] as number],
        entry,
      )
      tier.first[address] = entry
      tier.present[address >>> 5] = (tier.present[address >>> 5] ?? 0) | (1 << (address & 31))
    }
  }
  return tier
}

/** The place of the rarest byte of `bytes` outside the gram at `offset`. */
function probeOf(bytes: Uint8Array, offset: number, gram: Gram): number {
  let best = -1
  for (let at = 0; at < bytes.length; at++) {
    if (at >= offset && at < offset + gram) continue
    if (best === -1 || commonness(bytes[at] as number) <= commonness(bytes[best] as number))
      best = at
  }
  return best
}

/**
 * Looks at two words at a time: each of them is a short gram, both are a long one. Everything is
 * spelled out, so that the speed of the innermost loop does not depend on what a compiler inlines.
 */
function search(
  { short, long }: { short: Tier; long: Tier },
  { bytes, words }: SearchText,
  length: number,
  found: Found,
): void {
  const shortPresent = short.present
  const longPresent = long.present
  const end = (length + 3) >> 2
  for (let word = 0; word < end; word += 2) {
    const left = words[word] as number
    const right = words[word + 1] as number
    const leftAddress = Math.imul(left, 0x9e3779b1) >>> (32 - TABLE_BITS)
    if ((shortPresent[leftAddress >>> 5] as number) & (1 << (leftAddress & 31))) {
      compare(short, left, bytes, length, word << 2, found)
    }
    const rightAddress = Math.imul(right, 0x9e3779b1) >>> (32 - TABLE_BITS)
    if ((shortPresent[rightAddress >>> 5] as number) & (1 << (rightAddress & 31))) {
      compare(short, right, bytes, length, (word + 1) << 2, found)
    }
    const both = left ^ Math.imul(right, 0x85ebca6b)
    const address = Math.imul(both, 0x9e3779b1) >>> (32 - TABLE_BITS)
    if ((longPresent[address >>> 5] as number) & (1 << (address & 31))) {
      compare(long, both, bytes, length, word << 2, found)
    }
  }
}

/** Compares the literals of the entries that have `key` with `text`, whose gram at `at` has it. */
function compare(
  { gram, first, entries, members }: Tier,
  key: number,
  text: Uint8Array,
  length: number,
  at: number,
  found: Found,
): void {
  for (
    let entry = first[addressOf(key)] as number;
    entry !== 0;
    entry = entries[entry + 1] as number
  ) {
    if (entries[entry] !== key) continue
    if (text[at + (entries[entry + 3] as number)] !== entries[entry + 4]) continue
    const { bytes, id } = members[Math.floor((entry / ENTRY - 1) / gram)] as Member
    const start = at - (entries[entry + 2] as number)
    if (start >= 0 && start + bytes.length <= length && isAt(text, start, bytes)) found(id, start)
  }
}

function isAt(text: Uint8Array, start: number, bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index++) {
    if (text[start + index] !== bytes[index]) return false
  }
  return true
}

/** A gram as one number, as `search` makes it; other grams of eight bytes may have the same. */
function keyOf(bytes: Uint8Array, at: number, gram: Gram): number {
  const word = wordAt(bytes, at)
  return gram === 4 ? word : word ^ Math.imul(wordAt(bytes, at + 4), 0x85ebca6b)
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  )
}

function addressOf(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> (32 - TABLE_BITS)
}

/** How often each gram occurs in the literals: the ones they share are frequent in logs as well. */
function gramFrequencies(members: readonly Member[], gram: Gram): ReadonlyMap<number, number> {
  const frequencies = new Map<number, number>()
  for (const { bytes } of members) {
    for (let at = 0; at + gram <= bytes.length; at++) {
      const key = keyOf(bytes, at, gram)
      frequencies.set(key, (frequencies.get(key) ?? 0) + 1)
    }
  }
  return frequencies
}

/** What builds print all the time, failed ones or not. */
const ORDINARY = new TextEncoder().encode(
  ` packages modules version resolved compiled compiling building installed generating rendering
  downloading uploading fetched from the registry can't be found in the cache is no longer supported
  deprecated static pages and please upgrade `,
)
/** What a gram of it adds to the likelihood of a row. */
const ORDINARY_WEIGHT = 8

function ordinaryGrams(gram: Gram): ReadonlySet<number> {
  const grams = new Set<number>()
  for (let at = 0; at + gram <= ORDINARY.length; at++) grams.add(keyOf(ORDINARY, at, gram))
  return grams
}

/** The most frequent characters of logs, in that order. */
const COMMON = new TextEncoder().encode(' etaoinsrldcumpfg./-:')

/** How frequent a byte is in logs, from 0 for a rare one. */
function commonness(byte: number): number {
  const place = COMMON.indexOf(byte)
  return place === -1 ? 0 : COMMON.length - place
}

interface Row {
  bytes: Uint8Array
  gram: Gram
  frequencies: ReadonlyMap<number, number>
  ordinary: ReadonlySet<number>
}

/** Where in `bytes` the row of grams begins that is least likely to occur by chance. */
function rarestRow({ bytes, gram, frequencies, ordinary }: Row): number {
  const likelihoods: number[] = []
  for (let at = 0; at + gram <= bytes.length; at++) {
    let common = 0
    for (let index = at; index < at + gram; index++) {
      if (commonness(bytes[index] as number) > 0) common++
    }
    const key = keyOf(bytes, at, gram)
    const weight = ordinary.has(key) ? ORDINARY_WEIGHT : 0
    likelihoods.push(common + weight + Math.log2(frequencies.get(key) ?? 1))
  }
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (let start = 0; start + gram <= likelihoods.length; start++) {
    let sum = 0
    for (let at = start; at < start + gram; at++) sum += likelihoods[at] as number
    if (sum >= least) continue
    least = sum
    best = start
  }
  return best
}
