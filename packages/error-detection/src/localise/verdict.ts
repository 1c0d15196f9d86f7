/**
 * Whether a log says that its build failed at all, for callers that do not know. Logs of good builds
 * hold errors too: reported by a plugin, caught, tried again, or of a command after `||`.
 *
 * @module
 */
import { BLOCK_LINES, headlineOf, isStrong } from './line-kinds.ts'
import type { Survey } from './survey.ts'
import type { View } from './view.ts'

/** Whether the build failed of the line at `top`, the one most like an answer. */
export function saysThatItFailed(view: View, log: Survey, top: number): boolean {
  const line = view.at(top)
  const lastSuccess = log.successes.at(-1) ?? -1
  const lastExit = log.exits.findLast((at) => isFailedExit(view, at)) ?? -1
  const endsBadly = lastExit > lastSuccess
  if (lastExit < top && (goesOn() || line.absolved)) return false
  if (!endsBadly && (goesOn() || isCaught(view, top))) return false
  if (line.match || endsBadly) return true
  if (line.looks.has('zero')) return false
  const headline = headlineOf(view, top)
  return (
    isStrong(line) ||
    (headline !== undefined && (headline.match !== undefined || isStrong(headline)))
  )

  /** Whether the next command runs after that of the line, or something succeeds after it and after the last one that says the same. */
  function goesOn(): boolean {
    const section = log.tree.sectionOf(top)
    if (section?.end === 'went_on' && lastExit < section.to) return true
    if (lastSuccess <= top) return false
    return !log.candidates.some((at) => at > lastSuccess && view.at(at).core === line.core)
  }
}

/** How a program of the project reports what it has caught: `Error fetching users: TypeError: …`. */
const CAUGHT = /^Error \w{2,30}ing\b[^:]{0,60}: ?(?:\w{1,40} ?\[)?\w{0,40}(?:Error|Exception)\b/

/** The same, with what it does then. */
const GOES_ON =
  /\bfall(?:s|ing)? ?back\b|\b(?:skipping|ignoring|retrying|continuing with(?:out)?)\b/i

/** For the proof that no pattern takes long. */
export const VERDICT_PATTERNS: readonly RegExp[] = [CAUGHT, GOES_ON]

/** Whether the line at `top` belongs to what a program reports and goes on after. */
function isCaught(view: View, top: number): boolean {
  for (let at = top; at >= Math.max(0, top - BLOCK_LINES); at--) {
    const { core } = view.at(at)
    if (CAUGHT.test(core) || (at === top && GOES_ON.test(core))) return true
    if (at < top && view.at(at).blank) return false
  }
  return false
}

/** Whether a command, or the build, ended badly in the line at `at`. */
function isFailedExit(view: View, at: number): boolean {
  const { looks } = view.at(at)
  return looks.has('failed_exit') && !looks.has('zero')
}
