/**
 * Templates: a tool's message with holes in it. One template is what a line is compared with and
 * what it becomes in a group, so that the two cannot disagree and a group holds no text of a line.
 *
 * Matching finds the literals one after another with `indexOf`; nothing backtracks, so it is linear
 * in the line whatever the line is.
 *
 * @module
 */
import { PUBLIC_VALUES, type PublicValue } from '../public/values.ts'
import type { Head } from '../signature.ts'
import { maskWords } from './mask.ts'

type Part =
  | { kind: 'literal'; text: string }
  | { kind: 'mask'; name: string }
  | { kind: 'public'; name: string; value: PublicValue }
  /** The rest of the line, masked word by word. */
  | { kind: 'words'; name: 'words' }

export interface Template {
  parts: readonly Part[]
  /** The message must begin, or end, with it. */
  atStart: boolean
  atEnd: boolean
}

/** The public values of a match, by their names; the masked rest of the line as `words`. */
export type PublicMatches = Readonly<Record<string, string>>

const PART = /<[A-Z_]+>|\{[a-z]+\}/g

/** At how many places of a line a template is tried. */
const MAX_STARTS = 4

export function parseTemplate(source: string): Template {
  const atStart = source.startsWith('^')
  const atEnd = source.endsWith('$')
  const body = oneSpace(source.slice(atStart ? 1 : 0, atEnd ? -1 : undefined))
  const parts: Part[] = []
  let from = 0
  for (const { 0: token, index } of body.matchAll(PART)) {
    if (index > from) parts.push({ kind: 'literal', text: body.slice(from, index) })
    parts.push(parseHole(token))
    from = index + token.length
  }
  if (from < body.length) parts.push({ kind: 'literal', text: body.slice(from) })
  return { parts, atStart, atEnd }
}

/** `<NAME>`, `{name}` or `{words}`. */
function parseHole(token: string): Part {
  const name = token.slice(1, -1)
  if (token.startsWith('<')) return { kind: 'mask', name }
  if (name === 'words') return { kind: 'words', name }
  const value = PUBLIC_VALUES[name]
  if (!value) throw new Error(`${token} is no public value`)
  return { kind: 'public', name, value }
}

/** The public values in `message`, or undefined when the template does not fit. */
export function matchTemplate(template: Template, message: string): PublicMatches | undefined {
  const [first] = template.parts
  if (template.atStart || first?.kind !== 'literal') return matchAt(template, message, 0)
  let start = message.indexOf(first.text)
  for (let tries = 0; start !== -1 && tries < MAX_STARTS; tries++) {
    const matches = matchAt(template, message, start)
    if (matches) return matches
    start = message.indexOf(first.text, start + 1)
  }
  return undefined
}

/** Where a part ends that does not stand where it must. */
const NOWHERE = -1

function matchAt(
  { parts, atEnd }: Template,
  message: string,
  start: number,
): PublicMatches | undefined {
  const matches: Record<string, string> = {}
  let at = start
  for (const [index, part] of parts.entries()) {
    const end = endOfPart(part, parts[index + 1], message, at)
    if (end === NOWHERE) return undefined
    if (part.kind === 'words') matches[part.name] = maskWords(message.slice(at))
    if (part.kind === 'public') matches[part.name] = publicPart(part.value, message.slice(at, end))
    at = end
  }
  return atEnd && at !== message.length ? undefined : matches
}

/** Where `part`, which `next` follows, ends in `message` if it begins at `at`. */
function endOfPart(part: Part, next: Part | undefined, message: string, at: number): number {
  switch (part.kind) {
    case 'literal':
      return message.startsWith(part.text, at) ? at + part.text.length : NOWHERE
    case 'mask':
      return endOfMask(next, message, at)
    case 'words':
      return at < message.length ? message.length : NOWHERE
    case 'public':
      return endOfToken(part.value.token, message, at)
  }
}

/** Where the masked text that begins at `at` ends: before the next literal, or with the message. */
function endOfMask(next: Part | undefined, message: string, at: number): number {
  if (!next) return at < message.length ? message.length : NOWHERE
  if (next.kind === 'literal') return message.indexOf(next.text, at + 1)
  throw new Error('a masked text must be followed by a literal')
}

/** Where the text that fits `token`, a sticky pattern, ends. */
function endOfToken(token: RegExp, message: string, at: number): number {
  token.lastIndex = at
  return token.test(message) ? token.lastIndex : NOWHERE
}

/** What of `token` may be kept; a module in front of a name is not. */
function publicPart({ known }: PublicValue, token: string): string {
  if (!known) return token
  const name = token.slice(token.lastIndexOf('.') + 1)
  if (known.has(token)) return token
  return known.has(name) ? name : '<CODE>'
}

/** The template as text for a group, with `matches` in its holes. */
export function renderTemplate({ parts }: Template, matches: PublicMatches): string {
  return parts
    .map((part) => renderPart(part, matches))
    .join('')
    .trim()
}

function renderPart(part: Part, matches: PublicMatches): string {
  switch (part.kind) {
    case 'literal':
      return part.text
    case 'mask':
      return `<${part.name}>`
    case 'words':
    case 'public':
      return matches[part.name] ?? '<CODE>'
  }
}

/** Shorter literals would be found everywhere. */
export const MIN_NEEDLE_LENGTH = 7

/**
 * The literals to search a raw line for: the longest one of the template. Two spaces divide it,
 * since a line may have any white space there, and so does the end of one of the `heads`, which a
 * line may write in another way.
 */
export function needlesOf(source: string, heads: readonly Head[]): string[] {
  const body = source.replace(/^\^/, '').replace(/\$$/, '')
  const literals = body.split(PART).flatMap((literal) => literal.split('  '))
  const longest = longestOf(literals.map((literal) => withoutHead(literal, heads)))
  if (longest.length >= MIN_NEEDLE_LENGTH) return [longest]
  return withSpellings(longestOf(literals), heads)
}

function withoutHead(literal: string, heads: readonly Head[]): string {
  const head = heads.find(({ text }) => literal.startsWith(text))
  return head ? literal.slice(head.text.length) : literal
}

/** `literal`, which may begin with one of the heads, and the other ways to write it. */
function withSpellings(literal: string, heads: readonly Head[]): string[] {
  const others = heads.flatMap(({ text, spellings = [] }) => {
    const head = text.trimEnd()
    if (!literal.startsWith(head)) return []
    return spellings.map((spelling) => spelling + literal.slice(head.length))
  })
  return [literal, ...others]
}

/** Without the white space around it, unless it is short without. */
function longestOf(literals: readonly string[]): string {
  const longest = literals.reduce((a, b) => (b.trim().length > a.trim().length ? b : a), '')
  return longest.trim().length >= MIN_NEEDLE_LENGTH ? longest.trim() : longest
}

function oneSpace(text: string): string {
  return text.replace(/ {2,}/g, ' ')
}
