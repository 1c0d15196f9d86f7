/**
 * What a person reads about a detected error, from the columns that are stored with it.
 *
 * @module
 */

import type { Cause } from './causes.ts'
import { CAUSES } from './causes.ts'
import type { Template } from './engine/template.ts'
import { knowledgeBase } from './knowledge.ts'

export interface Explanation {
  title: string
  /** What to do about it. */
  fix: string
  /** Where to read more; null when no documentation is known. */
  docs_url: string | null
}

/**
 * The explanation of a stored error. With its group, the explanation is that of the exact signature,
 * or of the cause where none is; without, that of the first one with this code and cause. Undefined
 * for an unknown cause, such as one of an older detector.
 */
export function explanationOf(error: {
  error_code: string
  cause: string
  error_group?: string
}): Explanation | undefined {
  const { error_code, cause, error_group } = error
  const alike = knowledgeBase().signatures.filter(
    (signature) => signature.error_code === error_code && signature.cause === cause,
  )
  const signature = alike.find(({ group }) => error_group !== undefined && fits(group, error_group))
  // A group that no signature makes is of a line that was named by its words.
  const best = signature ?? (error_group === undefined ? alike[0] : undefined)
  if (best) return { title: best.title, fix: best.fix, docs_url: best.docs_url }
  if (!isCause(cause)) return undefined
  const { title, fix } = CAUSES[cause]
  return { title, fix, docs_url: null }
}

/** Whether `group` was made from `template`: its literals and masks stand in it in this order. */
function fits({ parts }: Template, group: string): boolean {
  let at = 0
  for (const part of parts) {
    if (part.kind === 'public' || part.kind === 'words') continue
    const text = part.kind === 'literal' ? part.text.trim() : `<${part.name}>`
    const found = group.indexOf(text, at)
    if (found === -1) return false
    at = found + text.length
  }
  return true
}

function isCause(cause: string): cause is Cause {
  return Object.hasOwn(CAUSES, cause)
}
