import type { Cause } from '../causes.ts'

/** Words in which programs give a reason. */
export interface Phrase {
  says: RegExp
  cause: Cause
  /** Messages that it is for; the tests are made from them. */
  examples: readonly string[]
}
