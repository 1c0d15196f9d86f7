/** Shorter values are not masked: `1` or `yes` would blot out half the log and betray the secret. */
export const MIN_SECRET_LENGTH = 4

/** Shortest string inside a JSON secret, and shortest line of one without its indentation. */
const MIN_PART_LENGTH = 8

/** JSON within JSON is read to this depth. */
const MAX_DEPTH = 8

/**
 * What of a secret is one by itself: the whole, each of its lines, and where it is JSON, as service
 * accounts are, each string in it.
 */
export function secretValues(secret: string): string[] {
  const values = new Set([secret, ...linesOf(secret)])
  for (const text of stringsIn(parseJson(secret))) {
    for (const part of [text, ...linesOf(text)]) {
      if (part.length >= MIN_PART_LENGTH) values.add(part)
    }
  }
  return [...values].filter((value) => value.trim().length >= MIN_SECRET_LENGTH)
}

/** Line breaks may stand as text (`\n`), as where a PEM was put on one line. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n|\\r\\n|\\n/)
  if (lines.length === 1) return []
  // A short one such as `  {` counts with its indentation alone, which spares other lines.
  return lines.map((line) => (line.trim().length < MIN_PART_LENGTH ? line : line.trim()))
}

function parseJson(text: string): unknown {
  if (!/^\s*[{["]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined // no JSON after all
  }
}

function stringsIn(value: unknown, depth = 0): string[] {
  if (depth > MAX_DEPTH) return []
  if (typeof value === 'string') return [value, ...stringsIn(parseJson(value), depth + 1)]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((part) => stringsIn(part, depth + 1))
}
