import type { BegunForm } from './form-index.ts'
import { commonLength, endOf, FormIndex, isRecognised, startOf } from './form-index.ts'
import type { Range } from './range.ts'
import { secretForms } from './secret-forms.ts'
import { visibleText } from './visible-text.ts'

/** What stands in the log where a secret was. */
export const MASK = '***'

/** Masks secrets in lines of the log, in every form of `secretForms`. */
export class Masker {
  readonly #index: FormIndex

  constructor(secrets: string[]) {
    this.#index = new FormIndex(secrets.flatMap(secretForms))
  }

  /** Length of the longest form: this much of a line is needed to recognise any. */
  get longestForm(): number {
    return this.#index.longestForm
  }

  /** Masks the lines of one output. */
  lines(): LineMasker {
    return new LineMasker({ index: this.#index, mayGoOn: true })
  }

  /** Masks a line that stands by itself; see `LineMasker.mask`. */
  mask(text: string, limit = text.length): string {
    return new LineMasker({ index: this.#index, mayGoOn: false }).mask(text, { limit })
  }
}

/** Of a shorter piece each line is searched by itself: a command that prints line by line. */
const MIN_PIECE_LENGTH = 1_024

/** Masks the lines of one output, one after the other: a secret may go on in the next line. */
export class LineMasker {
  readonly #index: FormIndex
  readonly #mayGoOn: boolean
  #begun: BegunForm[] = []
  /** The last characters of the line before. */
  #tail = ''
  /** Places in the piece that is being cut into lines; undefined when it was not looked through. */
  #suspects: number[] | undefined
  /** Of those, the first that no line has passed. */
  #nextSuspect = 0

  constructor({ index, mayGoOn }: { index: FormIndex; mayGoOn: boolean }) {
    this.#index = index
    this.#mayGoOn = mayGoOn
  }

  /**
   * Looks through a piece of the output that is to be cut into lines: almost all of them hold
   * nothing, and to know that of all at once is several times as fast as to search each.
   */
  read(piece: string): void {
    if (this.#index.longestForm === 0) return
    this.#suspects = piece.length < MIN_PIECE_LENGTH ? undefined : this.#index.suspects(piece)
    this.#nextSuspect = 0
  }

  /**
   * The first `limit` characters of `text`, masked. A secret that reaches over the limit is masked
   * when `text` holds it whole; what follows the limit is never shown. `place` is where the line
   * stands in the last piece, if it stands there whole; lines come in their order.
   */
  mask(
    text: string,
    { limit = text.length, place }: { limit?: number; place?: Range | undefined } = {},
  ): string {
    if (this.#index.longestForm === 0) return text.slice(0, limit)
    if (place !== undefined && this.#isClean(place) && this.#passes(text)) {
      return text.slice(0, limit)
    }
    const { secrets, begun } = this.#index.search(text, { mayGoOn: this.#mayGoOn })
    const visible = visibleText(text)
    if (visible === undefined) {
      const ranges = this.#continued(text, begun)
      ranges.push(...secrets)
      return replace(text, { ranges, limit })
    }
    const seen = this.#index.search(visible.text, { mayGoOn: this.#mayGoOn })
    const shown = [...this.#continued(visible.text, seen.begun), ...seen.secrets]
    const ranges = [...secrets, ...shown.map(visible.rangeInLine)]
    return replace(text, { ranges: ranges.sort((a, b) => a.start - b.start), limit })
  }

  /** Whether nothing stands in the line by itself, nor begins there. */
  #isClean({ start, end }: Range): boolean {
    if (this.#suspects === undefined) return false
    while ((this.#suspects[this.#nextSuspect] ?? Infinity) < start) this.#nextSuspect++
    return (this.#suspects[this.#nextSuspect] ?? Infinity) >= end
  }

  /** Takes note of a clean line, if nothing goes on in it from the line before. */
  #passes(line: string): boolean {
    const end = endOf(line)
    const start = startOf(line)
    if (start >= end) return true // an empty line is passed over
    if (this.#begun.length > 0) return false
    if (this.#index.begunBefore(line, { start, tail: this.#tail }).length > 0) return false
    this.#tail = line.slice(Math.max(0, end - 3), end)
    return true
  }

  /** What goes on from the line before; takes note of `begun`, with which the next may go on. */
  #continued(line: string, begun: BegunForm[]): Range[] {
    const end = endOf(line)
    const start = startOf(line)
    if (start >= end) return [] // an empty line is passed over
    const before = this.#index.begunBefore(line, { start, tail: this.#tail })
    before.push(...this.#begun)
    this.#begun = begun
    this.#tail = line.slice(Math.max(0, end - 3), end)
    let longest = 0
    for (const { form, length: from } of before) {
      const added = commonLength(line, { start, form, from })
      const length = from + added
      const isOpen = start + added === end && length < form.length
      if (isOpen) this.#begun.push({ form, length })
      if (added > longest && isRecognised(form, { length, isOpen })) longest = added
    }
    return longest === 0 ? [] : [{ start, end: start + longest }]
  }
}

function replace(text: string, { ranges, limit }: { ranges: Range[]; limit: number }): string {
  let masked = ''
  let position = 0
  for (const { start, end } of ranges) {
    if (start >= limit) break
    if (end <= position) continue
    if (start >= position) masked += text.slice(position, start) + MASK
    position = end
  }
  return position < limit ? masked + text.slice(position, limit) : masked
}
