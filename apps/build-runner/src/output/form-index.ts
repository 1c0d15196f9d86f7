import type { Range } from './range.ts'
import { MIN_SECRET_LENGTH } from './secret-values.ts'
import { isInvisible } from './visible-text.ts'

/** A form that a line ends in the midst of: the next line may go on with it. */
export interface BegunForm {
  form: string
  /** How much of it stands before the next line. */
  length: number
}

/** What `FormIndex.search` finds in a line. */
export interface Findings {
  /** In the order of their beginnings; they may overlap. */
  secrets: Range[]
  begun: BegunForm[]
}

/** Forms are looked up by their first characters, as one number. */
const KEY_LENGTH = MIN_SECRET_LENGTH

/** A form of this length has one of its first four groups at a place that is looked up. */
const MIN_SAMPLED_LENGTH = 2 * KEY_LENGTH - 1

/** One bit for each hash of a key says whether a form may begin there: 32 KB, for the first cache. */
const HASH_BITS = 18

/** Of a longer form, this part of its beginning is enough: a value may have been cut. */
const SUFFICIENT_PART = 3 / 4
const MIN_SUFFICIENT_LENGTH = 8

/** Where a group of characters stands in a form. */
interface Place {
  form: string
  /** The characters of the form. */
  codes: Uint16Array
  /** Where its first line ends; its length when it has one line. */
  lineEnd: number
  offset: number
}

const NO_PLACES: readonly Place[] = []

type OnPlace = (start: number, place: Place) => void

/** Places in forms by the group of four characters there. */
class PlaceTable {
  readonly #places = new Map<number, Place[]>()
  readonly #filter = new Int32Array(2 ** HASH_BITS / 32)

  get isEmpty(): boolean {
    return this.#places.size === 0
  }

  add(place: Place): void {
    const key = keyAt(place.codes, place.offset)
    const places = this.#places.get(key)
    if (places === undefined) this.#places.set(key, [place])
    else places.push(place)
    const hash = hashOf(key)
    this.#filter[hash >>> 5] = (this.#filter[hash >>> 5] ?? 0) | (1 << hash)
  }

  at(key: number): readonly Place[] {
    const hash = hashOf(key)
    if (((this.#filter[hash >>> 5] ?? 0) & (1 << hash)) === 0) return NO_PLACES
    return this.#places.get(key) ?? NO_PLACES
  }

  /** Calls `onPlace` for the places of all groups from `from` on. */
  search(
    { codes, length }: Characters,
    { from, onPlace }: { from: number; onPlace: OnPlace },
  ): void {
    const filter = this.#filter
    const last = length - KEY_LENGTH
    for (let index = from; index <= last; index++) {
      const key = keyAt(codes, index)
      const hash = hashOf(key)
      if (((filter[hash >>> 5] as number) & (1 << hash)) === 0) continue
      this.#callFor(key, index, onPlace)
    }
  }

  /** Calls `onPlace` for the places of every fourth group. */
  sample({ pairs, length }: Characters, onPlace: OnPlace): void {
    const filter = this.#filter
    const last = (length - KEY_LENGTH) / 2
    for (let index = 0; index <= last; index += 2) {
      const key = keyOfPairs(pairs[index] as number, pairs[index + 1] as number)
      const hash = hashOf(key)
      if (((filter[hash >>> 5] as number) & (1 << hash)) === 0) continue
      this.#callFor(key, 2 * index, onPlace)
    }
  }

  #callFor(key: number, index: number, onPlace: OnPlace): void {
    for (const place of this.#places.get(key) ?? NO_PLACES) {
      if (index >= place.offset) onPlace(index - place.offset, place)
    }
  }
}

/**
 * Finds any of thousands of forms in one pass over a line: it looks up every fourth group of four
 * characters in a table, and compares forms only where one may be. For that a form is in the table
 * with the groups at its first four places, of which one is looked up wherever the form stands.
 */
export class FormIndex {
  readonly longestForm: number
  readonly #sampled = new PlaceTable()
  /** Forms that are too short to be found by samples. */
  readonly #short = new PlaceTable()
  /** All, by their beginnings. */
  readonly #beginnings = new PlaceTable()

  constructor(forms: Iterable<string>) {
    let longest = 0
    for (const form of new Set(forms)) {
      if (form.length < KEY_LENGTH) continue
      longest = Math.max(longest, form.length)
      const codes = Uint16Array.from({ length: form.length }, (_, index) => form.charCodeAt(index))
      const [firstLine = ''] = form.split(/[\r\n]/, 1)
      const place = { form, codes, lineEnd: firstLine.length, offset: 0 }
      this.#beginnings.add(place)
      if (form.length < MIN_SAMPLED_LENGTH) this.#short.add(place)
      else {
        for (let offset = 0; offset < KEY_LENGTH; offset++) {
          this.#sampled.add({ form, codes, lineEnd: firstLine.length, offset })
        }
      }
    }
    this.longestForm = longest
  }

  /** With `mayGoOn`, a form that the end of the line begins counts: the next may have the rest. */
  search(text: string, { mayGoOn }: { mayGoOn: boolean }): Findings {
    const secrets: Range[] = []
    const begun: BegunForm[] = []
    const end = mayGoOn ? endOf(text) : -1
    const onPlace: OnPlace = (start, { form }) => {
      const length = commonLength(text, { start, form })
      const isOpen = start + length === end && length < form.length && length >= KEY_LENGTH
      if (isOpen) begun.push({ form, length })
      if (isRecognised(form, { length, isOpen })) secrets.push({ start, end: start + length })
    }
    const characters = charactersOf(text)
    this.#sampled.sample(characters, onPlace)
    if (!this.#short.isEmpty) this.#short.search(characters, { from: 0, onPlace })
    // What begins at the very end is too short for the samples.
    const from = Math.max(0, end - MIN_SAMPLED_LENGTH)
    if (mayGoOn) this.#beginnings.search(characters, { from, onPlace })
    if (secrets.length > 1) secrets.sort((a, b) => a.start - b.start || b.end - a.end)
    return { secrets, begun }
  }

  /**
   * Places in a text of many lines: whatever `search` finds in one of its lines begins in that line
   * at or after one of them, and lines with characters that are not seen have one, too. They ascend.
   */
  suspects(text: string): number[] {
    const suspects: number[] = []
    const characters = charactersOf(text)
    const { codes } = characters
    const onPlace: OnPlace = (start, { form, codes: wanted, lineEnd }) => {
      const most = Math.min(wanted.length, text.length - start)
      let length = 0
      while (length < most && codes[start + length] === wanted[length]) length++
      if (length < KEY_LENGTH) return
      const isOpen = length > lineEnd || isAtLineEnd(codes, start + length)
      if (isOpen || isRecognised(form, { length, isOpen })) suspects.push(start)
    }
    this.#sampled.sample(characters, onPlace)
    if (!this.#short.isEmpty) this.#short.search(characters, { from: 0, onPlace })
    let start = 0
    let isSeen = true
    forEachRare(characters, (index, code) => {
      if (isLineEnd(code)) {
        this.#addBegun(suspects, { codes, start, end: index })
        start = index + 1
        isSeen = true
      } else if (isSeen && isInvisible(code)) {
        suspects.push(index)
        isSeen = false
      }
    })
    return suspects.sort((a, b) => a - b)
  }

  /** Adds where a form may begin in the last characters of a line, too few for the samples. */
  #addBegun(suspects: number[], line: { codes: Uint16Array; start: number; end: number }): void {
    const { codes, start } = line
    let end = line.end
    while (end > start && isSpace(codes[end - 1] as number)) end--
    const from = Math.max(start, end - MIN_SAMPLED_LENGTH)
    for (let index = from; index <= end - KEY_LENGTH; index++) {
      if (this.#beginnings.at(keyAt(codes, index)).length > 0) suspects.push(index)
    }
  }

  /** Forms that begin in the last characters before a line, too few to be found there. */
  begunBefore(line: string, { start, tail }: { start: number; tail: string }): BegunForm[] {
    const begun: BegunForm[] = []
    const joined = joint
    for (let index = 0; index < tail.length; index++) joined[index] = tail.charCodeAt(index)
    const length = Math.min(KEY_LENGTH - 1, line.length - start)
    for (let index = 0; index < length; index++) {
      joined[tail.length + index] = line.charCodeAt(start + index)
    }
    const last = Math.min(tail.length - 1, tail.length + length - KEY_LENGTH)
    for (let index = 0; index <= last; index++) {
      for (const { form } of this.#beginnings.at(keyAt(joined, index))) {
        begun.push({ form, length: tail.length - index })
      }
    }
    return begun
  }
}

/** How many characters of `form`, from its index `from` on, stand in `text` at `start`. */
export function commonLength(
  text: string,
  { start, form, from = 0 }: { start: number; form: string; from?: number },
): number {
  const most = Math.min(form.length - from, text.length - start)
  let length = 0
  while (length < most && text.charCodeAt(start + length) === form.charCodeAt(from + length)) {
    length++
  }
  return length
}

/** Whether the first `length` characters of a form are enough to be masked. */
export function isRecognised(
  form: string,
  { length, isOpen }: { length: number; isOpen: boolean },
): boolean {
  if (length === form.length) return true
  if (length >= Math.max(MIN_SUFFICIENT_LENGTH, form.length * SUFFICIENT_PART)) return true
  // Where the line ends, so may have the secret: the rest is in the next line.
  return isOpen && length >= Math.min(MIN_SUFFICIENT_LENGTH, Math.max(KEY_LENGTH, form.length / 2))
}

/** Whether only white space is left of the line. */
function isAtLineEnd(codes: Uint16Array, index: number): boolean {
  let end = index
  while (isSpace(codes[end] as number)) end++
  return isLineEnd(codes[end] as number)
}

/** The characters on both sides of a line break. */
const joint = new Uint16Array(2 * (KEY_LENGTH - 1))

/** The characters of a text; an array of them is read several times as fast as a part of a string. */
interface Characters {
  codes: Uint16Array
  /** The same, two by two: the first is the lower half. */
  pairs: Uint32Array
  length: number
}

let scratch = makeScratch(64 * 1024)

function makeScratch(length: number) {
  const bytes = Buffer.from(new ArrayBuffer(2 * length))
  return { bytes, codes: new Uint16Array(bytes.buffer), pairs: new Uint32Array(bytes.buffer) }
}

/** What is returned is good until the next call. */
function charactersOf(text: string): Characters {
  if (text.length > scratch.codes.length) scratch = makeScratch(2 * text.length)
  scratch.bytes.write(text, 'utf16le')
  return { codes: scratch.codes, pairs: scratch.pairs, length: text.length }
}

/** Calls `onCode` for control characters, and for all that ASCII does not have. */
function forEachRare(
  { codes, pairs, length }: Characters,
  onCode: (index: number, code: number) => void,
): void {
  for (let index = 0; index < length; index += 2) {
    const pair = pairs[index >>> 1] as number
    // Both halves below 0x80, and not below 0x20: then adding 0x60 sets the bit of 0x80.
    if (((pair & 0xff80ff80) | (~(pair + 0x00600060) & 0x00800080)) === 0) continue
    onCode(index, codes[index] as number)
    if (index + 1 < length) onCode(index + 1, codes[index + 1] as number)
  }
}

function keyAt(codes: Uint16Array, index: number): number {
  return keyOfPairs(
    (codes[index] as number) | ((codes[index + 1] as number) << 16),
    (codes[index + 2] as number) | ((codes[index + 3] as number) << 16),
  )
}

/** Four characters as one number; others may have the same. */
function keyOfPairs(first: number, second: number): number {
  // The golden ratio in 32 bits, of Knuth's multiplicative hash, and another odd number.
  return Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)
}

function hashOf(key: number): number {
  return key >>> (32 - HASH_BITS)
}

/** Where the white space at the end of a line begins. */
export function endOf(line: string): number {
  let end = line.length
  while (end > 0 && isSpace(line.charCodeAt(end - 1))) end--
  return end
}

/** Where the white space at the beginning of a line ends. */
export function startOf(line: string): number {
  let start = 0
  while (start < line.length && isSpace(line.charCodeAt(start))) start++
  return start
}

function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09
}
