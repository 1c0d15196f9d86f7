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
import type { KnowledgeBase } from './knowledge-base.ts'
import type { RecentLine } from './lines.ts'
import { matchLine } from './match-line.ts'
import { plainText } from './plain-text.ts'

/** `candidates`, each that introduces another line with the place of that line. */
export function introduced(
  knowledge: KnowledgeBase,
  candidates: readonly Candidate[],
  recent: readonly RecentLine[],
): Candidate[] {
  return candidates.map((candidate) => {
    if (!candidate.signature.source.introduces) return candidate
    const line = recent.find(
      (line) => line.line > candidate.line && !isIntroduction(knowledge, line, candidate),
    )
    if (!line || knowledge.isNoise(knowledge.normalise(plainText(line.message)))) return candidate
    return { ...candidate, line: line.line }
  })
}

/** Whether `line` is blank, or introduces the same. */
function isIntroduction(
  knowledge: KnowledgeBase,
  { message, step }: RecentLine,
  { signature }: Candidate,
): boolean {
  if (knowledge.normalise(plainText(message)) === '') return true
  return matchLine(knowledge, { text: message, step })?.signature === signature
}
