/**
 * A second look at logs that were wrapped at the width of a terminal, as pasted logs often are: a
 * message that no line holds is searched for in each line joined with those that follow it.
 *
 * @module
 */

import type { Candidate } from './decide.ts'
import { isRootCause } from './decide.ts'
import type { KnowledgeBase } from './knowledge-base.ts'
import { compareMatches, groupKey } from './knowledge-base.ts'
import type { RecentLine } from './lines.ts'
import { matchLine } from './match-line.ts'
import { plainText } from './plain-text.ts'

/** Wider lines are not those of a terminal. */
const MAX_WIDTH = 100

/** How many lines one message may be spread over. */
const MAX_LINES = 5

/** How many lines before a message show what it belongs to. */
const MAX_BEFORE = 10

/** What `lines` say when they are joined again; nothing when they do not look wrapped. */
export function candidatesOfWrapped(
  knowledge: KnowledgeBase,
  lines: readonly RecentLine[],
): Candidate[] {
  const texts = lines.map(({ message }) => plainText(message))
  if (texts.some((text) => text.length > MAX_WIDTH)) return []
  const found = new Map<string, Candidate>()
  for (const [index, { line, step }] of lines.entries()) {
    const parts = texts.slice(index, index + MAX_LINES)
    if (parts[0]?.trim() === '') continue
    const before = texts
      .slice(Math.max(0, index - MAX_BEFORE), index)
      .map(knowledge.normalise)
      .filter(Boolean)
    const [best] = [joined(parts, ''), joined(parts, ' ')]
      .flatMap((text) => matchLine(knowledge, { text, step, before }) ?? [])
      .filter(isRootCause)
      .sort(compareMatches)
    if (!best) continue
    // Windows overlap: the last one that holds the message is the one that begins with it.
    const key = groupKey(best)
    const known = found.get(key)
    if (!known || line - known.line < MAX_LINES) found.set(key, { ...best, line, step })
  }
  return [...found.values()]
}

/** `parts` as one line; `gap` stands where a line was cut without leaving a space at its end. */
function joined(parts: readonly string[], gap: string): string {
  return parts.reduce((text, part) => {
    const rest = part.trimStart()
    return /\s$/.test(text) || rest === '' ? text + rest : text + gap + rest
  })
}
