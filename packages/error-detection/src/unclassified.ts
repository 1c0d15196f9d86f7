/**
 * The fallback for builds that no signature explains: the line that looks most like an error.
 *
 * @module
 */
import type { DetectedError } from '@workers-builds/contracts'
import type { RecentLine } from './engine/scan.ts'

export const UNCLASSIFIED = 'unclassified'

export function unclassifiedError(_recent: readonly RecentLine[]): DetectedError | undefined {
  return undefined
}
