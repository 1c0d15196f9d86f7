/**
 * The published way of detecting: every line is tried against every pattern, and each line that fits
 * one is an error.
 *
 * @module
 */

import type { LogLine } from '@workers-builds/contracts'
import type { CompiledSignature } from '../src/engine/knowledge-base.ts'
import type { Template } from '../src/engine/template.ts'
import { knowledgeBase } from '../src/knowledge.ts'

/** What the published way finds in `lines` with these signatures. */
export function publishedLoop(
  lines: readonly LogLine[],
): { error_code: string; error_group: string }[] {
  const errors = []
  for (const { signature, regex } of patterns()) {
    for (const line of lines) {
      if (!regex.test(line[2].trim())) continue
      errors.push({ error_code: signature.error_code, error_group: signature.title })
    }
  }
  return errors
}

let compiled: { signature: CompiledSignature; regex: RegExp }[] | undefined

/** One regular expression for each signature, any of whose messages may match. */
function patterns(): { signature: CompiledSignature; regex: RegExp }[] {
  compiled ??= knowledgeBase().signatures.map((signature) => ({
    signature,
    regex: new RegExp(signature.templates.map(regexOf).join('|')),
  }))
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
