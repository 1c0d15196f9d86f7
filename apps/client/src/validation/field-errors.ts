/** Describes the issues that a schema finds in a request, field by field, for a person. Pure. */
import type { FieldError } from '@workers-builds/contracts'
import type { z } from 'zod'
import { isPublicField } from './public-fields.ts'
import { fieldsAt } from './schema-at.ts'
import { pointerToken, unknownField } from './unknown-field.ts'

/** More than these say nothing new; a hostile body has millions. */
const MOST_FIELDS = 20
const MOST_CHARACTERS = 100

type Issue = z.core.$ZodIssue

/** The part of a request that was checked: its value and what it should have been. */
export type Checked = { place: 'body' | 'query'; value: unknown; schema?: z.ZodType | undefined }

/** One entry per wrong field, in the order in which the schema found them. */
export function fieldErrors(issues: Issue[], checked: Checked): FieldError[] {
  return issues
    .flatMap(withoutUnions)
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.slice(0, MOST_FIELDS).map((key) => unknownKey(issue, key, checked))
        : [fieldError(issue, checked)],
    )
    .slice(0, MOST_FIELDS)
}

function fieldError(issue: Issue, { place, value, schema }: Checked): FieldError {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)))
  const wrong = valueAt(value, path)
  const isPublic = place === 'query' || isPublicField(schema, path)
  const got = describe(wrong, isPublic)
  const what = place === 'body' ? 'request body' : 'query parameter'
  return {
    message: `Invalid ${what}: ${path.join('.') || place}=${got}: ${issue.message}`,
    path,
    expected: expectedBy(issue),
    got,
    source:
      place === 'body'
        ? { pointer: path.map((key) => `/${pointerToken(String(key))}`).join('') }
        : { parameter: String(path[0] ?? '') },
  }
}

function unknownKey(issue: Issue, key: string, { place, schema }: Checked): FieldError {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  return unknownField({ place, path: [...path, key], known: fieldsAt(schema, path) })
}

/** Of a union that does not match, the issues of its closest alternative. */
function withoutUnions(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const [closest = []] = issue.errors.toSorted((a, b) => deepest(b) - deepest(a))
  return closest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
}

function deepest(issues: Issue[]): number {
  return Math.max(...issues.map((issue) => issue.path.length))
}

function valueAt(value: unknown, path: (string | number)[]): unknown {
  let at = value
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = Reflect.get(at, key)
  }
  return at
}

function expectedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' | ')
    case 'invalid_format':
      return issue.format === 'regex' ? issue.message : issue.format
    case 'too_big':
      return `at most ${issue.maximum}${unitOf(issue.origin)}`
    case 'too_small':
      return `at least ${issue.minimum}${unitOf(issue.origin)}`
    default:
      return issue.message
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters'
  return origin === 'array' ? ' items' : ''
}

/** A value in a few words; the value itself only if it is short and cannot be a secret. */
function describe(value: unknown, isPublic: boolean): string {
  if (value === undefined) return 'nothing'
  if (value === null || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `array of ${value.length}`
  if (typeof value === 'object') return Object.keys(value).length === 0 ? '{}' : 'object'
  if (!isPublic) return typeof value === 'string' ? `string of ${value.length}` : typeof value
  const text = JSON.stringify(value)
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`
}
