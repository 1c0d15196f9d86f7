import type { BegunForm, Range } from './form-index.ts'
import { commonLength, endOf, FormIndex, isRecognised, startOf } from './form-index.ts'
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
  mask(text: string, limit?: number): string {
    return new LineMasker({ index: this.#index, mayGoOn: false }).mask(text, limit)
  }
}

/** Masks the lines of one output, one after the other: a secret may go on in the next line. */
export class LineMasker {
  readonly #index: FormIndex
  readonly #mayGoOn: boolean
  #begun: BegunForm[] = []
  /** The last characters of the line before. */
  #tail = ''

  constructor({ index, mayGoOn }: { index: FormIndex; mayGoOn: boolean }) {
    this.#index = index
    this.#mayGoOn = mayGoOn
  }

  /**
   * The first `limit` characters of `text`, masked. A secret that reaches over the limit is masked
   * when `text` holds it whole; what follows the limit is never shown.
   */
  mask(text: string, limit = text.length): string {
    if (this.#index.longestForm === 0) return text.slice(0, limit)
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
