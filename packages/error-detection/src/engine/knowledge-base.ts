/**
 * The signatures of all tools, made ready for matching: templates parsed, defaults filled in, and
 * their literals compiled into one finder.
 *
 * @module
 */

import type { Fault, Step } from '@workers-builds/contracts'
import type { Cause } from '../causes.ts'
import { CAUSES } from '../causes.ts'
import type { Head, Marker, NamingLine, Rank, Signature, Tool } from '../signature.ts'
import { RANKS } from '../signature.ts'
import type { Needles } from './needles.ts'
import { compileNeedles } from './needles.ts'
import type { Normaliser } from './normalise.ts'
import { createNormaliser } from './normalise.ts'
import type { Template } from './template.ts'
import { matchTemplate, needlesOf, parseTemplate, renderTemplate } from './template.ts'

export interface CompiledSignature {
  /** `npm.lockfile_out_of_sync` */
  id: string
  /** The name of its tool. */
  tool: string
  error_code: string
  cause: Cause
  rank: Rank
  fault: Fault
  title: string
  fix: string
  docs_url: string
  steps: readonly Step[] | undefined
  unless_running: string | undefined
  of_section: boolean
  /** With the signatures that its failures are then. */
  named_by: readonly CompiledNamingLine[]
  list_heads: Tool['list_heads']
  templates: readonly Template[]
  /** What a match becomes, with its public values. */
  group: Template
  literals: readonly string[]
  source: Signature
}

export interface CompiledNamingLine extends NamingLine {
  becomes: CompiledSignature | undefined
}

export interface Match {
  signature: CompiledSignature
  error_group: string
  /** The place of the rank in `RANKS`, or past them for a template that takes any words. */
  order: number
  /** How many of the line's characters are the tool's own words: the more, the more specific. */
  weight: number
}

/** What to try on a line that has a literal in it. */
interface NeedleEntry {
  signatures: CompiledSignature[]
  markers: { marker: Marker; tool: string }[]
}

export interface KnowledgeBase extends Normaliser {
  signatures: readonly CompiledSignature[]
  needles: Needles
  /** By the id of the literal. */
  byNeedle: readonly NeedleEntry[]
}

/** Everything that is known of `tools`. Throws where their data contradict each other. */
export function compileKnowledgeBase(tools: readonly Tool[]): KnowledgeBase {
  requireMarkers(tools)
  const heads = tools.flatMap((tool) => tool.heads ?? [])
  const signatures = tools.flatMap((tool) => compileTool(tool, heads))
  const entries = new Map<string, NeedleEntry>()
  const entryOf = (literal: string) => {
    const entry = entries.get(literal) ?? { signatures: [], markers: [] }
    entries.set(literal, entry)
    return entry
  }
  for (const signature of signatures) {
    for (const literal of new Set(signature.literals)) entryOf(literal).signatures.push(signature)
  }
  for (const { name, markers = [] } of tools) {
    for (const marker of markers) entryOf(marker.needle).markers.push({ marker, tool: name })
  }
  return {
    ...createNormaliser(tools),
    signatures,
    needles: compileNeedles([...entries.keys()]),
    byNeedle: [...entries.values()],
  }
}

/** Whether a tool runs can only be asked of tools that have a marker that shows it. */
function requireMarkers(tools: readonly Tool[]): void {
  const shown = tools.filter(({ markers }) => markers?.some(({ shows_tool }) => shows_tool))
  for (const { name, unless_running } of tools) {
    if (unless_running === undefined || shown.some((tool) => tool.name === unless_running)) continue
    throw new Error(`${name}: no marker shows that ${unless_running} runs`)
  }
}

function compileTool(tool: Tool, heads: readonly Head[]): CompiledSignature[] {
  const compiled = Object.entries(tool.signatures).map(
    ([name, source]) => [name, compile({ tool, name, source, heads })] as const,
  )
  const byName = new Map(compiled)
  for (const [name, signature] of compiled) {
    signature.named_by = (signature.source.named_by ?? []).map((line) => {
      const becomes = line.as === undefined ? undefined : byName.get(line.as)
      if (line.as !== undefined && (!becomes || holdsValues(becomes.group))) {
        throw new Error(`${tool.error_code}.${name} cannot become ${line.as}`)
      }
      return { ...line, becomes }
    })
  }
  return compiled.map(([, signature]) => signature)
}

/** Whether a group depends on the line that it is made from. */
function holdsValues({ parts }: Template): boolean {
  return parts.some(({ kind }) => kind === 'public' || kind === 'words')
}

interface Uncompiled {
  tool: Tool
  name: string
  source: Signature
  /** Those of all tools. */
  heads: readonly Head[]
}

function compile({ tool, name, source, heads }: Uncompiled): CompiledSignature {
  const messages = typeof source.message === 'string' ? [source.message] : source.message
  const [first] = messages
  if (first === undefined) throw new Error(`${tool.error_code}.${name} has no message`)
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
    unless_running: tool.unless_running,
    of_section: source.of_section ?? tool.of_section ?? false,
    named_by: [],
    list_heads: tool.list_heads,
    templates: messages.map(parseTemplate),
    group: parseTemplate(source.group ?? first),
    literals: source.needles ?? messages.flatMap((message) => needlesOf(message, heads)),
    source,
  }
}

/** What `signature` makes of `message`, normalised; undefined when it is not one of its lines. */
export function matchSignature(signature: CompiledSignature, message: string): Match | undefined {
  const { when, unless } = signature.source
  for (const template of signature.templates) {
    const values = matchTemplate(template, message)
    if (!values) continue
    if (when && !when.test(message)) continue
    if (unless?.test(message)) continue
    return {
      signature,
      error_group: renderTemplate(signature.group, values),
      order: catchesAll(template) ? RANKS.length : RANKS.indexOf(signature.rank),
      weight: weightOf(template) + (when ? WHEN_WEIGHT : 0),
    }
  }
  return undefined
}

/** Whether a template is known by its first word alone, such as `Error: {words}`. */
function catchesAll({ parts }: Template): boolean {
  return parts.some(({ kind }) => kind === 'words')
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

/** Equal for lines that are counted as the same failure. */
export function groupKey({
  signature,
  error_group,
}: Pick<Match, 'signature' | 'error_group'>): string {
  return `${signature.error_code}\n${error_group}`
}
