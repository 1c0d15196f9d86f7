import { MAX_MESSAGE_LENGTH, type Step, storableText } from '@workers-builds/contracts'
import type { OutputLine } from './line-splitter.ts'
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

  constructor({ buffer, masker }: { buffer: LogBuffer; masker: Masker }) {
    this.#buffer = buffer
    this.#masker = masker
  }

  /** Writes the runner's own words. */
  write(message: string): void {
    const splitter = this.lines()
    splitter.push(`${message}\n`)
  }

  /** Takes the output of a command; `onLine` is called after each line of it was written. */
  lines(onLine?: (text: string) => void): LineSplitter {
    return new LineSplitter({
      maxLength: MAX_MESSAGE_LENGTH + this.#masker.longestForm,
      onLine: (line) => {
        this.#append(line)
        onLine?.(line.text)
      },
    })
  }

  #append({ text, dropped }: OutputLine): void {
    const length = text.length + dropped
    const message =
      length <= MAX_MESSAGE_LENGTH ? this.#masker.mask(text) : this.#cut({ text, length })
    this.#buffer.append([Date.now(), this.step, toStorable(message)])
  }

  #cut({ text, length }: { text: string; length: number }): string {
    const limit = MAX_MESSAGE_LENGTH - MARKER_LENGTH
    return `${this.#masker.mask(text, limit)} [… ${length - limit} more characters]`
  }
}

/** Neither a NUL nor half a surrogate pair can be stored by every database. */
function toStorable(message: string): string {
  return storableText(message, { nul: '\uFFFD' })
}
