/**
 * Templates: a tool's message with holes in it. One template is what a line is compared with and
 * what it becomes in a group, so that the two cannot disagree and a group holds no text of a line.
 *
 * Matching finds the literals one after another with `indexOf`; nothing backtracks, so it is linear
 * in the line whatever the line is.
 *
 * @module
 */
import { maskWords } from './mask.ts'
import { PUBLIC_VALUES } from './public-values.ts'

type Part =
  | { kind: 'literal'; text: string }
  | { kind: 'mask'; name: string }
  | { kind: 'public'; name: string }

export interface Template {
  parts: readonly Part[]
  /** The message must begin, or end, with it. */
  atStart: boolean
  atEnd: boolean
}

/** The public values of a match, by their names. */
export type PublicMatches = Readonly<Record<string, string>>

/** The placeholder for the rest of a line, masked word by word. */
const WORDS = 'words'

const PART = /<[A-Z_]+>|\{[a-z]+\}/g

/** A failed match is tried again at later places of the line, up to so many times. */
const MAX_STARTS = 4

export function parseTemplate(source: string): Template {
  const atStart = source.startsWith('^')
  const atEnd = source.endsWith('$')
  const body = oneSpace(source.slice(atStart ? 1 : 0, atEnd ? -1 : undefined))
  const parts: Part[] = []
  let from = 0
  for (const { 0: token, index } of body.matchAll(PART)) {
    const name = token.slice(1, -1)
    const isPublic = token.startsWith('{')
    if (isPublic && name !== WORDS && !(name in PUBLIC_VALUES))
      throw new Error(`${token} is no public value`)
    if (index > from) parts.push({ kind: 'literal', text: body.slice(from, index) })
    parts.push(isPublic ? { kind: 'public', name } : { kind: 'mask', name })
    from = index + token.length
  }
  if (from < body.length) parts.push({ kind: 'literal', text: body.slice(from) })
  return { parts, atStart, atEnd }
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

function matchAt(
  { parts, atEnd }: Template,
  message: string,
  start: number,
): PublicMatches | undefined {
  const matches: Record<string, string> = {}
  let at = start
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'literal') {
      if (!message.startsWith(part.text, at)) return undefined
      at += part.text.length
    } else if (part.kind === 'mask') {
      const end = endOfMask(parts[index + 1], message, at)
      if (end <= at) return undefined
      at = end
    } else if (part.name === WORDS) {
      if (at >= message.length) return undefined
      matches[WORDS] = maskWords(message.slice(at))
      at = message.length
    } else {
      const value = PUBLIC_VALUES[part.name]
      const token = value && stickyMatch(value.token, message, at)
      if (!value || !token) return undefined
      matches[part.name] = publicPart(value.known, token)
      at += token.length
    }
  }
  return atEnd && at !== message.length ? undefined : matches
}

/** Where the masked text that begins at `at` ends: before the next literal, or with the message. */
function endOfMask(next: Part | undefined, message: string, at: number): number {
  if (!next) return message.length
  if (next.kind === 'literal') return message.indexOf(next.text, at + 1)
  throw new Error('a masked text must be followed by a literal')
}

/** What of `token` may be kept; a module in front of a name is not. */
function publicPart(known: ReadonlySet<string> | undefined, token: string): string {
  if (!known) return token
  const name = token.slice(token.lastIndexOf('.') + 1)
  if (known.has(token)) return token
  return known.has(name) ? name : '<CODE>'
}

function stickyMatch(token: RegExp, message: string, at: number): string | undefined {
  token.lastIndex = at
  return token.exec(message)?.[0]
}

/** The template as text for a group, with `matches` in its holes. */
export function renderTemplate({ parts }: Template, matches: PublicMatches): string {
  return parts
    .map((part) => {
      if (part.kind === 'literal') return part.text
      return part.kind === 'mask' ? `<${part.name}>` : (matches[part.name] ?? '<CODE>')
    })
    .join('')
    .trim()
}

/** Heads that are written in several ways, and made one by `normalise`; no good to search for. */
const VARIABLE_HEADS = [/^✘ \[ERROR\] /, /^npm error /]

/**
 * The literals to search a raw line for: the longest one of the template. Two spaces divide it,
 * since a line may have any white space there.
 */
export function needlesOf(source: string): string[] {
  const body = source.replace(/^\^/, '').replace(/\$$/, '')
  const literals = body.split(PART).flatMap((literal) => literal.split('  '))
  const longest = longestOf(literals.map(withoutVariableHead))
  if (longest.length >= MIN_NEEDLE_LENGTH) return [longest]
  const whole = longestOf(literals)
  const variants = [whole, whole.replace(/^npm error/, 'npm ERR!')]
  return [...new Set(variants)]
}

/** Shorter ones would be found everywhere. */
export const MIN_NEEDLE_LENGTH = 7

function withoutVariableHead(literal: string): string {
  for (const head of VARIABLE_HEADS) {
    if (head.test(literal)) return literal.replace(head, '')
  }
  return literal
}

/** Without the white space around it, unless it is short without. */
function longestOf(literals: readonly string[]): string {
  const longest = literals.reduce((a, b) => (b.trim().length > a.trim().length ? b : a), '')
  return longest.trim().length >= MIN_NEEDLE_LENGTH ? longest.trim() : longest
}

function oneSpace(text: string): string {
  return text.replace(/ {2,}/g, ' ')
}
