/**
 * The decisive line of a build that nothing names: all but public words masked. It is work for
 * whoever writes signatures, and never an explanation.
 *
 * @module
 */

import type { DetectedError } from '@workers-builds/contracts'
import { maskWords } from './engine/mask.ts'
import type { View } from './localise/view.ts'

export const UNCLASSIFIED = 'unclassified'

/** The unexplained error in the line at `index` of the view. */
export function unclassifiedError(view: View, index: number): DetectedError {
  const line = view.lines[index]
  return {
    error_code: UNCLASSIFIED,
    error_group: maskWords(view.at(index).core),
    cause: UNCLASSIFIED,
    fault: 'suspect',
    step: line?.step ?? null,
    line: line?.line ?? null,
    confidence: 0.1,
    title: 'An error that is not yet known',
  }
}
