import {
  MAX_MESSAGE_LENGTH,
  MAX_WARNING_LENGTH,
  MAX_WARNINGS,
  type Step,
  storableText,
} from '@workers-builds/contracts'
import { LineSplitter } from './line-splitter.ts'
import type { LogBuffer } from './log-buffer.ts'
import type { Masker } from './masker.ts'

/** Room for the marker of a line that was cut. */
const MARKER_LENGTH = 48

/** The log of the build: whatever is written here is masked, bounded and sent. */
export class LogWriter {
  /** What the runner is doing: every line is labelled with it. */
  step: Step = 'initializing'
  readonly #buffer: LogBuffer
  readonly #masker: Masker
  readonly #warnings = new Set<string>()

  constructor({ buffer, masker }: { buffer: LogBuffer; masker: Masker }) {
    this.#buffer = buffer
    this.#masker = masker
  }

  /** Writes text of which any part may come from outside: all of it is masked. */
  write(text: string): void {
    const splitter = this.lines()
    splitter.push(`${text}\n`)
  }

  /** Writes a sentence that is a warning, and keeps it for the report of the build's end. */
  warn(words: readonly string[], ...values: (string | number)[]): void {
    const warning = this.#composeSentence(words, values)
    this.fixedSentence(warning)
    if (this.#warnings.size >= MAX_WARNINGS) return
    this.#warnings.add(toStorable(warning.slice(0, MAX_WARNING_LENGTH)))
  }

  /** The warnings so far, masked, each once: they are reported with the build's end. */
  warnings(): string[] {
    return [...this.#warnings]
  }

  /**
   * Writes a sentence of the runner's own, as a template: its words stay as they are, also where a
   * secret is one of them, by which failures are recognised. What stands in `${}` comes from outside
   * and is masked.
   */
  sentence(words: readonly string[], ...values: (string | number)[]): void {
    this.fixedSentence(this.#composeSentence(words, values))
  }

  /** Writes a sentence of the runner's own in which nothing comes from outside. */
  fixedSentence(sentence: string): void {
    const splitter = new LineSplitter({
      maxLength: sentence.length,
      onLine: ({ text }) => {
        this.#append({ length: text.length, upTo: (limit) => text.slice(0, limit) })
      },
    })
    splitter.push(`${sentence}\n`)
  }

  /** Takes the output of a command; `onLine` is called after each line of it was written. */
  lines(onLine?: (text: string) => void): LineSplitter {
    const masker = this.#masker.lines()
    return new LineSplitter({
      maxLength: MAX_MESSAGE_LENGTH + this.#masker.longestForm,
      onPiece: (piece) => masker.read(piece),
      onLine: ({ text, dropped, place }) => {
        this.#append({
          length: text.length + dropped,
          upTo: (limit) => masker.mask(text, { limit, place }),
        })
        onLine?.(text)
      },
    })
  }

  /** Appends a line of `length` characters, of which `upTo` returns the first ones as to be shown. */
  #append({ length, upTo }: { length: number; upTo: (limit: number) => string }): void {
    if (length <= MAX_MESSAGE_LENGTH) {
      this.#buffer.append([Date.now(), this.step, toStorable(upTo(length))])
      return
    }
    const limit = MAX_MESSAGE_LENGTH - MARKER_LENGTH
    const message = `${upTo(limit)} [… ${length - limit} more characters]`
    this.#buffer.append([Date.now(), this.step, toStorable(message)])
  }

  #composeSentence(words: readonly string[], values: (string | number)[]): string {
    const masked = values.map((value) => this.#maskText(String(value)))
    return words.map((word, index) => word + (masked[index] ?? '')).join('')
  }

  #maskText(text: string): string {
    const masker = this.#masker.lines()
    return text.replaceAll(/[^\r\n]+/g, (line) => masker.mask(line))
  }
}

/** Neither a NUL nor half a surrogate pair can be stored by every database. */
function toStorable(message: string): string {
  return storableText(message, { nul: '\uFFFD' })
}
