/**
 * Finds which of many literals occur in a text, in one pass that looks at a fraction of it.
 *
 * Wu and Manber's algorithm: a window as long as the shortest literal slides over the text, and its
 * last three characters say how far it may jump. Unlike an automaton over every character this
 * reads about one character in four, and its tables fit a processor's first cache.
 *
 * @module
 */

/** Characters that decide a jump. */
const BLOCK = 3
const TABLE_BITS = 15
const TABLE_MASK = (1 << TABLE_BITS) - 1

export interface Needles {
  /** Adds the ids of the literals that occur in `text` to `hits`. */
  find(text: string, hits: Set<number>): void
}

/** A finder of `literals`; the id of a literal is its place in the list. */
export function compileNeedles(literals: readonly string[]): Needles {
  const window = Math.min(...literals.map((literal) => literal.length))
  if (!(window >= BLOCK)) throw new Error(`a literal must have at least ${BLOCK} characters`)
  const jumps = new Uint8Array(TABLE_MASK + 1).fill(Math.min(255, window - BLOCK + 1))
  const buckets = new Map<number, { id: number; literal: string; offset: number }[]>()

  for (const [id, literal] of literals.entries()) {
    const offset = rarestWindow(literal, window)
    for (let end = offset + BLOCK - 1; end < offset + window; end++) {
      const hash = hashAt(literal, end)
      jumps[hash] = Math.min(jumps[hash] ?? 0, offset + window - 1 - end)
    }
    const last = hashAt(literal, offset + window - 1)
    buckets.set(last, [...(buckets.get(last) ?? []), { id, literal, offset }])
  }

  return {
    find(text, hits) {
      const { length } = text
      let end = window - 1
      while (end < length) {
        const hash =
          ((text.charCodeAt(end - 2) << 10) ^
            (text.charCodeAt(end - 1) << 5) ^
            text.charCodeAt(end)) &
          TABLE_MASK
        const jump = jumps[hash] as number
        if (jump !== 0) {
          end += jump
          continue
        }
        const start = end - window + 1
        for (const { id, literal, offset } of buckets.get(hash) ?? []) {
          if (text.startsWith(literal, start - offset)) hits.add(id)
        }
        end += 1
      }
    },
  }
}

function hashAt(text: string, end: number): number {
  return (
    ((text.charCodeAt(end - 2) << 10) ^ (text.charCodeAt(end - 1) << 5) ^ text.charCodeAt(end)) &
    TABLE_MASK
  )
}

/** Letters that build logs are full of; a window with few of them is seldom met by chance. */
const COMMON = new Set(' etaoinsrldcumpfg./-:')

/** Where in `literal` the window begins that has the fewest common characters. */
function rarestWindow(literal: string, window: number): number {
  let best = 0
  let fewest = Number.POSITIVE_INFINITY
  for (let start = 0; start + window <= literal.length; start++) {
    let common = 0
    for (const character of literal.slice(start, start + window)) {
      if (COMMON.has(character)) common++
    }
    if (common < fewest) {
      fewest = common
      best = start
    }
  }
  return best
}
