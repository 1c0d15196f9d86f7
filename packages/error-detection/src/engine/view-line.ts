import type { Step } from '@workers-builds/contracts'
import type { Match } from './knowledge-base.ts'

/** A line of the part of a log in which the answer is looked for. */
export interface ViewLine {
  /** Its place in the log. */
  line: number
  step: Step | null
  message: string
  /** The signature that was found in it; undefined where none fits. */
  match?: Match | undefined
  /** What comes after it shows that it was no cause, unless its signature says that it is one. */
  absolved?: boolean
}
