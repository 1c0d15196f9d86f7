/**
 * JSON whose long strings end early, so that whoever reads it never holds more than their beginning.
 * It counts what it leaves out, and checks nothing of it.
 */

/** The most bytes of a string that are passed on; a few more where a character ends later. */
export const KEPT_BYTES = 64 * 1_024
/** JavaScript's longest number has some 330. */
const MOST_DIGITS = 1_000

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LETTER_U = 0x75
const isOfNumber = (byte: number) => OF_NUMBERS.includes(byte)
const OF_NUMBERS = Buffer.from('0123456789+-.eE')

/** How many bytes of UTF-8 a `\u` escape stands for; half a character counts half of its four. */
function escapedBytes(code: number): number {
  if (code < 0x80) return 1
  if (code < 0x800 || (code >= 0xd800 && code < 0xe000)) return 2
  return 3
}

export class StringShortener {
  readonly #write: (json: Uint8Array, omitted_bytes: number) => void
  #isInString = false
  #kept = 0
  /** Bytes of UTF-8 that were left out of the string; undefined while it is passed on. */
  #omitted: number | undefined
  /** Characters that are still to come of an escape; 0 outside of one. */
  #escaped = 0
  #code = 0
  #digits = 0

  /**
   * `write` takes what is passed on. `omitted_bytes` is 0, or how many bytes of UTF-8 the string was
   * longer whose closing quote is all of `json`.
   */
  constructor(write: (json: Uint8Array, omitted_bytes: number) => void) {
    this.#write = write
  }

  /** Throws a SyntaxError at a number that none has as many digits as. */
  push(chunk: Uint8Array): void {
    /** Where what is not passed on yet begins. */
    let begin = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number
      if (!this.#isInString) {
        this.#digits = isOfNumber(byte) ? this.#digits + 1 : 0
        if (this.#digits > MOST_DIGITS) throw new SyntaxError('a number of a thousand digits')
        if (byte === QUOTE) this.#isInString = true
        continue
      }
      const isWhole = this.#escaped === 0 && (byte & 0xc0) !== 0x80
      if (isWhole && byte === QUOTE) {
        if (this.#omitted !== undefined) {
          this.#write(chunk.subarray(at, at + 1), this.#omitted)
          begin = at + 1
        }
        this.#isInString = false
        this.#kept = 0
        this.#omitted = undefined
        continue
      }
      if (isWhole && this.#omitted === undefined && this.#kept >= KEPT_BYTES) {
        this.#write(chunk.subarray(begin, at), 0)
        this.#omitted = 0
      }
      const bytes = this.#read(byte)
      if (this.#omitted === undefined) this.#kept += 1
      else this.#omitted += bytes
    }
    if (this.#omitted === undefined) this.#write(chunk.subarray(begin), 0)
  }

  /** Reads a byte of a string; answers how many bytes of UTF-8 of its value are complete with it. */
  #read(byte: number): number {
    if (this.#escaped === 0) {
      if (byte !== BACKSLASH) return 1
      this.#escaped = 5
      return 0
    }
    if (this.#escaped === 5) {
      this.#escaped = byte === LETTER_U ? 4 : 0
      this.#code = 0
      return byte === LETTER_U ? 0 : 1
    }
    this.#code = this.#code * 16 + (Number.parseInt(String.fromCharCode(byte), 16) || 0)
    this.#escaped -= 1
    return this.#escaped === 0 ? escapedBytes(this.#code) : 0
  }
}
