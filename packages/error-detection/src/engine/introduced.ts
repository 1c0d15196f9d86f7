/**
 * Lines that only introduce what went wrong: the one that follows them is the decisive one, though
 * no signature may know it.
 *
 *     error during build:
 *     [a-plugin] What the plugin says
 *
 * @module
 */
import type { Candidate } from './decide.ts'
import { isNoise, normalise, plainText } from './normalise.ts'
import type { RecentLine } from './scan.ts'
import { matchLine } from './scan.ts'

/** `candidates`, each that introduces another line with the place of that line. */
export function introduced(
  candidates: readonly Candidate[],
  recent: readonly RecentLine[],
): Candidate[] {
  return candidates.map((candidate) => {
    if (!candidate.signature.source.introduces) return candidate
    const line = recent.find(
      (line) => line.line > candidate.line && !isIntroduction(line, candidate),
    )
    if (!line || isNoise(normalise(plainText(line.message)))) return candidate
    return { ...candidate, line: line.line }
  })
}

/** Whether `line` is blank, or introduces the same. */
function isIntroduction({ message, step }: RecentLine, { signature }: Candidate): boolean {
  if (normalise(plainText(message)) === '') return true
  return matchLine(message, step)?.signature === signature
}
