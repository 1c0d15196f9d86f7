import { MIN_SECRET_LENGTH, secretForms } from './secret-forms.ts'

/** What stands in the log where a secret was. */
export const MASK = '***'

/** Forms are looked for by this much of their beginning, then compared whole. */
const PREFIX_LENGTH = 12

/** Blots out secrets in lines of the log, in every form of `secretForms`. */
export class Masker {
  /** Length of the longest form: this much of a line must be at hand to recognise any. */
  readonly longestForm: number
  readonly #formsByPrefix = new Map<string, string[]>()
  readonly #prefixes: RegExp | undefined

  constructor(secrets: string[]) {
    const forms = [...new Set(secrets.flatMap(secretForms))]
      .filter((form) => form.length >= MIN_SECRET_LENGTH)
      .sort((a, b) => b.length - a.length)
    this.longestForm = forms[0]?.length ?? 0
    for (const form of forms) {
      const prefix = form.slice(0, PREFIX_LENGTH)
      this.#formsByPrefix.set(prefix, [...(this.#formsByPrefix.get(prefix) ?? []), form])
    }
    const alternatives = [...this.#formsByPrefix.keys()].map(escapeRegExp)
    // A lookahead finds overlapping prefixes too; all that begin at one place are asked below.
    if (alternatives.length > 0) this.#prefixes = new RegExp(`(?=${alternatives.join('|')})`, 'g')
  }

  /**
   * The first `limit` characters of `text`, masked. A secret that reaches over the limit is masked
   * when `text` holds it whole; what follows the limit is never shown.
   */
  mask(text: string, limit = text.length): string {
    if (this.#prefixes === undefined) return text.slice(0, limit)
    let masked = ''
    let position = 0
    for (const { start, end } of this.#findSecrets(text, limit)) {
      if (end <= position) continue
      if (start >= position) masked += text.slice(position, start) + MASK
      position = end
    }
    return position < limit ? masked + text.slice(position, limit) : masked
  }

  *#findSecrets(text: string, limit: number): Generator<{ start: number; end: number }> {
    for (const { index: start } of text.matchAll(this.#prefixes ?? /(?!)/g)) {
      if (start >= limit) return
      const length = this.#longestFormAt(text, start)
      if (length > 0) yield { start, end: start + length }
    }
  }

  #longestFormAt(text: string, start: number): number {
    let longest = 0
    for (let length = MIN_SECRET_LENGTH; length <= PREFIX_LENGTH; length++) {
      const forms = this.#formsByPrefix.get(text.slice(start, start + length)) ?? []
      const form = forms.find((form) => text.startsWith(form, start))
      longest = Math.max(longest, form?.length ?? 0)
    }
    return longest
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
