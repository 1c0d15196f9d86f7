/**
 * The signatures of all tools, made ready for matching: templates parsed, defaults filled in, and
 * their literals compiled into one finder.
 *
 * @module
 */

import type { Fault, Step } from '@workers-builds/contracts'
import type { Cause } from '../causes.ts'
import { CAUSES } from '../causes.ts'
import type { Rank, Signature, Tool } from '../signature.ts'
import { RANKS } from '../signature.ts'
import { TOOLS } from '../signatures/index.ts'
import type { Needles } from './needles.ts'
import { compileNeedles } from './needles.ts'
import type { Marker } from './progress.ts'
import { MARKERS } from './progress.ts'
import type { Template } from './template.ts'
import { matchTemplate, needlesOf, parseTemplate, renderTemplate } from './template.ts'

export interface CompiledSignature {
  /** `npm.lockfile_out_of_sync` */
  id: string
  tool: string
  error_code: string
  cause: Cause
  rank: Rank
  fault: Fault
  title: string
  fix: string
  docs_url: string
  steps: readonly Step[] | undefined
  unless_wrangler: boolean
  templates: readonly Template[]
  literals: readonly string[]
  source: Signature
}

export interface Match {
  signature: CompiledSignature
  error_group: string
  /** The place of the rank in `RANKS`, or past them for a template that takes any words. */
  order: number
  /** How many of the line's characters are the tool's own words: the more, the more specific. */
  weight: number
}

export interface KnowledgeBase {
  signatures: readonly CompiledSignature[]
  needles: Needles
  /** What to try on a line, by the id of the literal that was found in it. */
  byNeedle: readonly { signatures: CompiledSignature[]; markers: Marker[] }[]
}

export function compileKnowledgeBase(tools: readonly Tool[] = TOOLS): KnowledgeBase {
  const signatures = tools.flatMap((tool) =>
    Object.entries(tool.signatures).map(([name, signature]) => compile(tool, name, signature)),
  )
  const literals = new Map<string, { signatures: CompiledSignature[]; markers: Marker[] }>()
  const entryOf = (literal: string) => {
    const entry = literals.get(literal) ?? { signatures: [], markers: [] }
    literals.set(literal, entry)
    return entry
  }
  for (const signature of signatures) {
    for (const literal of new Set(signature.literals)) entryOf(literal).signatures.push(signature)
  }
  for (const marker of MARKERS) entryOf(marker.needle).markers.push(marker)
  return {
    signatures,
    needles: compileNeedles([...literals.keys()]),
    byNeedle: [...literals.values()],
  }
}

function compile(tool: Tool, name: string, source: Signature): CompiledSignature {
  const messages = typeof source.message === 'string' ? [source.message] : source.message
  const cause = CAUSES[source.cause]
  return {
    id: `${tool.error_code}.${name}`,
    tool: tool.name,
    error_code: source.error_code ?? tool.error_code,
    cause: source.cause,
    rank: source.rank ?? 'specific',
    fault: source.fault ?? cause.fault,
    title: source.title ?? cause.title,
    fix: source.fix ?? cause.fix,
    docs_url: source.docs_url ?? tool.docs_url,
    steps: source.steps ?? tool.steps,
    unless_wrangler: tool.unless_wrangler ?? false,
    templates: messages.map(parseTemplate),
    literals: source.needles ?? messages.flatMap(needlesOf),
    source,
  }
}

/** What `signature` makes of `message`, normalised; undefined when it is not one of its lines. */
export function matchSignature(signature: CompiledSignature, message: string): Match | undefined {
  const { when, unless, group } = signature.source
  for (const template of signature.templates) {
    const values = matchTemplate(template, message)
    if (!values) continue
    if (when && !when.test(message)) continue
    if (unless?.test(message)) continue
    const canonical = group === undefined ? signature.templates[0] : parseTemplate(group)
    return {
      signature,
      error_group: renderTemplate(canonical ?? template, values),
      order: catchesAll(template) ? RANKS.length : RANKS.indexOf(signature.rank),
      weight: weightOf(template) + (when ? WHEN_WEIGHT : 0),
    }
  }
  return undefined
}

/** Whether a template is known by its first word alone, such as `Error: {words}`. */
function catchesAll({ parts }: Template): boolean {
  return parts.some((part) => part.kind === 'public' && part.name === 'words')
}

/** How many characters of a template a further condition is worth. */
const WHEN_WEIGHT = 10

function weightOf({ parts, atStart }: Template): number {
  const literals = parts.reduce(
    (sum, part) => sum + (part.kind === 'literal' ? part.text.length : 0),
    0,
  )
  return literals + (atStart ? 1 : 0)
}

/** Below zero when `a` describes a line more closely than `b`. */
export function compareMatches(a: Match, b: Match): number {
  return a.order - b.order || b.weight - a.weight
}

let compiled: KnowledgeBase | undefined

/** The signatures of this package, compiled at first use. */
export function knowledgeBase(): KnowledgeBase {
  compiled ??= compileKnowledgeBase()
  return compiled
}
