import { MIN_SECRET_LENGTH } from './secret-values.ts'

/** A part of a line. */
export interface Range {
  start: number
  end: number
}

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
  offset: number
}

const NO_PLACES: readonly Place[] = []

/** Places in forms by the group of four characters there. */
class PlaceTable {
  readonly #places = new Map<number, Place[]>()
  readonly #filter = new Int32Array(2 ** HASH_BITS / 32)

  get isEmpty(): boolean {
    return this.#places.size === 0
  }

  add(form: string, offset: number): void {
    const key = keyOf(form, offset)
    const places = this.#places.get(key)
    if (places === undefined) this.#places.set(key, [{ form, offset }])
    else places.push({ form, offset })
    const hash = hashOf(key)
    this.#filter[hash >>> 5] = (this.#filter[hash >>> 5] ?? 0) | (1 << hash)
  }

  at(key: number): readonly Place[] {
    const hash = hashOf(key)
    if (((this.#filter[hash >>> 5] ?? 0) & (1 << hash)) === 0) return NO_PLACES
    return this.#places.get(key) ?? NO_PLACES
  }

  /** Calls `onPlace` for the places of the groups at `from`, `from + step` and so on. */
  search(
    { codes, length }: Characters,
    options: { from: number; step: number; onPlace: (start: number, form: string) => void },
  ): void {
    const filter = this.#filter
    const { from, step, onPlace } = options
    const last = length - KEY_LENGTH
    for (let index = from; index <= last; index += step) {
      const key = keyAt(codes, index)
      const hash = hashOf(key)
      if (((filter[hash >>> 5] ?? 0) & (1 << hash)) === 0) continue
      for (const { form, offset } of this.#places.get(key) ?? []) {
        if (index >= offset) onPlace(index - offset, form)
      }
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
      this.#beginnings.add(form, 0)
      if (form.length < MIN_SAMPLED_LENGTH) this.#short.add(form, 0)
      else for (let offset = 0; offset < KEY_LENGTH; offset++) this.#sampled.add(form, offset)
    }
    this.longestForm = longest
  }

  /** With `mayGoOn`, a form that the end of the line begins counts: the next may have the rest. */
  search(text: string, { mayGoOn }: { mayGoOn: boolean }): Findings {
    const secrets: Range[] = []
    const begun: BegunForm[] = []
    const end = mayGoOn ? endOf(text) : -1
    const onPlace = (start: number, form: string) => {
      const length = commonLength(text, { start, form })
      const isOpen = start + length === end && length < form.length && length >= KEY_LENGTH
      if (isOpen) begun.push({ form, length })
      if (isRecognised(form, { length, isOpen })) secrets.push({ start, end: start + length })
    }
    const characters = charactersOf(text)
    this.#sampled.search(characters, { from: 0, step: KEY_LENGTH, onPlace })
    if (!this.#short.isEmpty) this.#short.search(characters, { from: 0, step: 1, onPlace })
    // What begins at the very end is too short for the samples.
    const from = Math.max(0, end - MIN_SAMPLED_LENGTH)
    if (mayGoOn) this.#beginnings.search(characters, { from, step: 1, onPlace })
    if (secrets.length > 1) secrets.sort((a, b) => a.start - b.start || b.end - a.end)
    return { secrets, begun }
  }

  /** Forms that begin in the last characters before a line, too few to be found there. */
  begunBefore(line: string, { start, tail }: { start: number; tail: string }): BegunForm[] {
    const begun: BegunForm[] = []
    const joined = tail + line.slice(start, start + KEY_LENGTH - 1)
    for (let index = 0; index < tail.length && index + KEY_LENGTH <= joined.length; index++) {
      for (const { form } of this.#beginnings.at(keyOf(joined, index))) {
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

/** The characters of a text; an array of them is read several times as fast as a part of a string. */
interface Characters {
  codes: Uint16Array
  length: number
}

let scratch = Buffer.alloc(2 * 64 * 1024)
let scratchCodes = new Uint16Array(scratch.buffer, scratch.byteOffset, scratch.length / 2)

/** What is returned is good until the next call. */
function charactersOf(text: string): Characters {
  if (text.length > scratchCodes.length) {
    scratch = Buffer.alloc(4 * text.length)
    scratchCodes = new Uint16Array(scratch.buffer, scratch.byteOffset, scratch.length / 2)
  }
  scratch.write(text, 'utf16le')
  return { codes: scratchCodes, length: text.length }
}

function keyOf(text: string, index: number): number {
  return (
    (text.charCodeAt(index) << 24) ^
    (text.charCodeAt(index + 1) << 16) ^
    (text.charCodeAt(index + 2) << 8) ^
    text.charCodeAt(index + 3)
  )
}

function keyAt(codes: Uint16Array, index: number): number {
  return (
    ((codes[index] as number) << 24) ^
    ((codes[index + 1] as number) << 16) ^
    ((codes[index + 2] as number) << 8) ^
    (codes[index + 3] as number)
  )
}

function hashOf(key: number): number {
  // The golden ratio in 32 bits: Knuth's multiplicative hash.
  return Math.imul(key, 0x9e3779b1) >>> (32 - HASH_BITS)
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

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09
}
