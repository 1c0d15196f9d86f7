/** Describes a field or a query parameter that an operation does not have. Pure. */
import type { FieldError } from '@workers-builds/contracts'
import { distance } from 'fastest-levenshtein'

/** Longer names are cut: they are no misspelt ones. */
const MOST_CHARACTERS = 100
/** More names are no help. */
const MOST_NAMES = 20

/** `known` are the names that there are at that place. */
export function unknownField({
  place,
  path,
  known,
}: {
  place: 'body' | 'query'
  path: (string | number)[]
  known: string[]
}): FieldError {
  const [what, kind] =
    place === 'body' ? ['request body', 'field'] : ['query parameter', 'parameter']
  const shown = path.map((key) => String(key).slice(0, MOST_CHARACTERS))
  const nearest = nearestOf(shown.at(-1) ?? '', known)
  const expected =
    known.length === 0
      ? `no ${kind}s`
      : `one of ${known.slice(0, MOST_NAMES).join(', ')}${known.length > MOST_NAMES ? ', …' : ''}`
  const hint = nearest === undefined ? `expected ${expected}` : `did you mean ${nearest}?`
  return {
    message: `Invalid ${what}: ${shown.join('.')}: there is no such ${kind}; ${hint}`,
    path,
    expected,
    got: shown.at(-1) ?? '',
    source:
      place === 'body'
        ? { pointer: shown.map((key) => `/${pointerToken(key)}`).join('') }
        : { parameter: shown.join('.') },
  }
}

/** The name that differs least, if it differs little. */
function nearestOf(name: string, known: string[]): string | undefined {
  const [nearest] = known
    .map((other) => ({ other, edits: distance(name.toLowerCase(), other) }))
    .filter(({ other, edits }) => edits <= Math.max(2, other.length / 3))
    .toSorted((a, b) => a.edits - b.edits)
  return nearest?.other
}

/** RFC 6901 */
export function pointerToken(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
