/**
 * The published way of detecting: every line is tried against every matcher.
 *
 * @module
 */

import type { LogLine } from '@workers-builds/contracts'
import { knowledgeBase } from '../src/engine/knowledge-base.ts'
import type { Template } from '../src/engine/template.ts'

/** How many (line, signature) pairs match in `lines`. */
export function publishedLoop(lines: readonly LogLine[]): number {
  let matched = 0
  for (const regex of regexes()) {
    for (const line of lines) {
      if (regex.test(line[2].trim())) matched++
    }
  }
  return matched
}

let compiled: RegExp[] | undefined

/** One regular expression for each signature, any of whose messages may match. */
function regexes(): RegExp[] {
  compiled ??= knowledgeBase().signatures.map(
    ({ templates }) => new RegExp(templates.map(regexOf).join('|')),
  )
  return compiled
}

function regexOf({ parts, atStart, atEnd }: Template): string {
  const body = parts
    .map((part) => {
      if (part.kind === 'literal') return part.text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
      return part.kind === 'mask' ? '.+?' : '\\S+'
    })
    .join('')
  return `${atStart ? '^' : ''}${body}${atEnd ? '$' : ''}`
}
