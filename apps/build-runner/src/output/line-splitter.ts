/** A line of a command's output. */
export interface OutputLine {
  text: string
  /** How many more characters the line had than `text` keeps. */
  dropped: number
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
  readonly #onLine: (line: OutputLine) => void
  #text = ''
  #dropped = 0
  #returned = false

  constructor({ maxLength, onLine }: { maxLength: number; onLine: (line: OutputLine) => void }) {
    this.#maxLength = maxLength
    this.#onLine = onLine
  }

  push(text: string): void {
    let start = 0
    for (const { index, 0: end } of text.matchAll(/[\r\n]/g)) {
      this.#append(text.slice(start, index))
      if (end === '\n') this.#emit()
      else this.#returned = true
      start = index + 1
    }
    this.#append(text.slice(start))
  }

  /** The output is over: a last line without a line break is a line too. */
  end(): void {
    if (this.#text !== '') this.#emit()
  }

  #append(text: string): void {
    if (text === '') return
    if (this.#returned) this.#reset()
    const kept = text.slice(0, this.#maxLength - this.#text.length)
    this.#text += kept
    this.#dropped += text.length - kept.length
  }

  #emit(): void {
    const line = { text: this.#text, dropped: this.#dropped }
    this.#reset()
    this.#onLine(line)
  }

  #reset(): void {
    this.#text = ''
    this.#dropped = 0
    this.#returned = false
  }
}
