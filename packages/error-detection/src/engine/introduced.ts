/**
 * Lines that only introduce what went wrong: the one that follows them is the decisive one, though
 * no signature may know it.
 *
 *     error during build:
 *     [a-plugin] What the plugin says
 *
 * Others say what went wrong, and a line after them what it is about.
 *
 *     npm error code ETARGET
 *     npm error notarget No matching version found for a-package@99.0.0.
 *
 * @module
 */
import type { Candidate } from './decide.ts'
import type { CompiledSignature, KnowledgeBase } from './knowledge-base.ts'
import type { RecentLine } from './lines.ts'
import { matchLine } from './match-line.ts'
import { plainText } from './plain-text.ts'
import { renderTemplate } from './template.ts'

/** How many lines from a line on may name what it is about. */
const NAMING_LINES = 40

/** `candidates`, each that another line introduces or names with the place of that line. */
export function introduced(
  knowledge: KnowledgeBase,
  candidates: readonly Candidate[],
  recent: readonly RecentLine[],
): Candidate[] {
  return candidates.map((candidate) => {
    const { signature } = candidate
    if (signature.named_by.length > 0) return named(knowledge, candidate, recent)
    if (!signature.source.introduces) return candidate
    const line = recent.find(
      (line) => line.line > candidate.line && !isIntroduction(knowledge, line, candidate),
    )
    if (!line || knowledge.isNoise(knowledge.normalise(plainText(line.message)))) return candidate
    return { ...candidate, line: line.line }
  })
}

/** `candidate` with the place of the line that names what it is about. */
function named(
  knowledge: KnowledgeBase,
  candidate: Candidate,
  recent: readonly RecentLine[],
): Candidate {
  const lines = recent
    .filter(({ line }) => line >= candidate.line && line < candidate.line + NAMING_LINES)
    .map(({ line, message }) => ({ line, message: knowledge.normalise(plainText(message)) }))
  for (const { when, after, becomes, stays } of candidate.signature.named_by) {
    const found = lines.find(
      ({ message }, index) =>
        when.test(message) && (after === undefined || after.test(lines[index - 1]?.message ?? '')),
    )
    if (!found) continue
    const line = stays ? candidate.line : found.line
    return { ...candidate, ...(becomes && matchOf(becomes)), line }
  }
  return candidate
}

function matchOf(signature: CompiledSignature): Pick<Candidate, 'signature' | 'error_group'> {
  return { signature, error_group: renderTemplate(signature.group, {}) }
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
