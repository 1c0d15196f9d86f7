/**
 * Whether a log says that its build failed at all, for callers that do not know. Logs of good builds
 * hold errors too: reported by a plugin, caught, tried again, or of a command after `||`.
 *
 * @module
 */
import { headlineOf, isStrong } from './line-kinds.ts'
import type { Survey } from './survey.ts'
import type { View } from './view.ts'

/** Whether the build failed of the line at `top`, the one most like an answer. */
export function saysThatItFailed(view: View, log: Survey, top: number): boolean {
  const line = view.at(top)
  const lastSuccess = log.successes.at(-1) ?? -1
  const lastExit = log.exits.findLast((at) => isFailedExit(view, at)) ?? -1
  const endsBadly = lastExit > lastSuccess
  if (lastExit < top && (goesOn() || line.absolved)) return false
  if (!endsBadly && goesOn()) return false
  if (line.match || endsBadly) return true
  if (line.looks.has('zero')) return false
  const headline = headlineOf(view, top)
  return (
    isStrong(line) ||
    (headline !== undefined && (headline.match !== undefined || isStrong(headline)))
  )

  /** Whether something succeeds after the line. */
  function goesOn(): boolean {
    return lastSuccess > top
  }
}

/** Whether a command, or the build, ended badly in the line at `at`. */
function isFailedExit(view: View, at: number): boolean {
  const { looks } = view.at(at)
  return looks.has('failed_exit') && !looks.has('zero')
}
