import type { Range } from './range.ts'

/** A line of a command's output. */
export interface OutputLine {
  text: string
  /** How many more characters the line had than `text` keeps. */
  dropped: number
  /**
   * Where the line, with what it overwrote, stands in the piece that ended it; undefined when `text`
   * began in an earlier piece, or was cut.
   */
  place: Range | undefined
}

/**
 * Cuts a command's output into lines, whatever the pieces it arrives in.
 *
 * A carriage return does what it does on a terminal: what follows overwrites the line, so of a
 * progress bar only its last state is kept. Of a line without end only `maxLength` characters stay
 * in memory.
 */
export class LineSplitter {
  readonly #maxLength: number
  readonly #onPiece: ((piece: string) => void) | undefined
  readonly #onLine: (line: OutputLine) => void
  #text = ''
  #dropped = 0
  #returned = false

  constructor(options: {
    maxLength: number
    /** Called with each piece before it is cut. */
    onPiece?: (piece: string) => void
    onLine: (line: OutputLine) => void
  }) {
    this.#maxLength = options.maxLength
    this.#onPiece = options.onPiece
    this.#onLine = options.onLine
  }

  push(piece: string): void {
    this.#onPiece?.(piece)
    const hasReturns = piece.includes('\r')
    const append = (text: string) => {
      if (hasReturns) this.#overwrite(text)
      else this.#append(text)
    }
    let isWhole = this.#text === '' && !this.#returned
    let start = 0
    for (let end = piece.indexOf('\n'); end !== -1; end = piece.indexOf('\n', start)) {
      append(piece.slice(start, end))
      this.#emit(isWhole ? { start, end } : undefined)
      isWhole = true
      start = end + 1
    }
    append(piece.slice(start))
  }

  /** The output is over: a last line without a line break is a line too. */
  end(): void {
    if (this.#text !== '') this.#emit(undefined)
  }

  /** Appends a text in which there may be carriage returns. */
  #overwrite(text: string): void {
    const [first = '', ...others] = text.split('\r')
    this.#append(first)
    for (const other of others) {
      this.#returned = true
      this.#append(other)
    }
  }

  #append(text: string): void {
    if (text === '') return
    if (this.#returned) this.#reset()
    const kept = text.slice(0, this.#maxLength - this.#text.length)
    this.#text += kept
    this.#dropped += text.length - kept.length
  }

  #emit(place: Range | undefined): void {
    const [text, dropped] = [this.#text, this.#dropped]
    const line = { text, dropped, place: dropped === 0 ? place : undefined }
    this.#reset()
    this.#onLine(line)
  }

  #reset(): void {
    this.#text = ''
    this.#dropped = 0
    this.#returned = false
  }
}
