/**
 * Takes off what runs in front of every line of a stretch: `web:build: `, `#12 3.45 `, `remote: `,
 * the job and step that GitHub writes before tabs. Nothing here knows those by name: what most of
 * the lines around a line begin with is not a part of any of them.
 *
 * @module
 */

/** Lines that are looked at together, and how many before and after them show what they share. */
const STRETCH = 8
const REACH = 5
/** A prefix needs at least so many other lines that have it. */
const MIN_OTHERS = 3
/** And at least this share of the lines of the stretch that are not blank. */
const SHARE = 0.6
/** A mark of one character may be a part of the message: of those, nearly all lines need it. */
const SHARE_OF_MARK = 0.85
/** Prefixes in front of each other: job, step, time, tool. */
const MAX_DEPTH = 4

/** Up to the first tab, or else the first word. */
const TABBED = /^[^\t]{1,80}\t/
const WORD = /^\S{1,60}(?:[ ]|$)/

/** Beginnings that mean something, however many lines have them. */
const MEANS_SOMETHING =
  /err|fail|warn|exception|fatal|[✘✖×⨯❌✓✔√]|\.\w{1,5}[:(]\d|^[-*•]$|^\d+$|^at$|^\++$/i

/** `web:build:`, `@acme/web:build:`: a few lines that share it show that it is one. */
export const NAMES_TASK = /^@?[\w./-]+(?::[\w./-]+)+:$/

/** What the lines of a stretch begin with, at some depth. */
interface Beginnings {
  /** How many lines begin with each shape. */
  shapes: ReadonlyMap<string, number>
  /** How many are not blank. */
  lines: number
}

/** Finds the prefixes of lines by their index; `textOf` is undefined outside of the log. */
export function createPrefixes(textOf: (index: number) => string | undefined) {
  const rests: (string | undefined)[][] = []
  const stretches: (Beginnings | undefined)[][] = []

  /** The text of a line after `depth` prefixes were taken off. */
  function rest(index: number, depth: number): string | undefined {
    if (depth === 0) return textOf(index)
    rests[depth] ??= []
    const known = rests[depth][index]
    if (known !== undefined) return known
    const before = rest(index, depth - 1)
    if (before === undefined) return undefined
    const own = before.slice(sharedLength(index, depth - 1, before))
    rests[depth][index] = own
    return own
  }

  /** How much of `text`, the line's rest at `depth`, is a prefix that its stretch shares. */
  function sharedLength(index: number, depth: number, text: string): number {
    const head = headOf(text)
    if (head === undefined) return 0
    const stretch = Math.floor(index / STRETCH)
    if (!mayShare(stretch, depth, head)) return 0
    const shape = shapeOf(head)
    const { shapes, lines } = beginningsOf(stretch, depth)
    const others = (shapes.get(shape) ?? 0) - 1
    const share = shape.length <= 1 ? SHARE_OF_MARK : SHARE
    if (others < MIN_OTHERS) return 0
    return NAMES_TASK.test(shape) || others >= share * (lines - 1) ? head.length : 0
  }

  /** Whether enough lines of the stretch begin like `head`, by their first characters. */
  function mayShare(stretch: number, depth: number, head: string): boolean {
    if (stretches[depth]?.[stretch]) return true
    const first = kindOf(head)
    let others = -1
    const from = stretch * STRETCH - REACH
    for (let at = from; at < from + STRETCH + 2 * REACH; at++) {
      const text = rest(at, depth)
      if (text !== undefined && kindOf(text) === first && ++others >= MIN_OTHERS) return true
    }
    return false
  }

  function beginningsOf(stretch: number, depth: number): Beginnings {
    stretches[depth] ??= []
    const known = stretches[depth][stretch]
    if (known) return known
    const shapes = new Map<string, number>()
    let lines = 0
    const from = stretch * STRETCH - REACH
    for (let at = from; at < from + STRETCH + 2 * REACH; at++) {
      const text = rest(at, depth)
      if (text === undefined || text.trim() === '') continue
      lines++
      const head = headOf(text)
      if (head === undefined) continue
      const shape = shapeOf(head)
      shapes.set(shape, (shapes.get(shape) ?? 0) + 1)
    }
    const beginnings = { shapes, lines }
    stretches[depth][stretch] = beginnings
    return beginnings
  }

  return {
    /** The line at `index` without the prefixes of its stretch. */
    without(index: number): string {
      let depth = 0
      let text = rest(index, 0) ?? ''
      // Where nothing comes off, nothing more does.
      while (depth < MAX_DEPTH) {
        depth++
        const shorter = rest(index, depth) ?? ''
        if (shorter.length === text.length) break
        text = shorter
      }
      return text
    },
  }
}

/** What may be a prefix of `text`. */
function headOf(text: string): string | undefined {
  const head = ((text.includes('\t') ? TABBED.exec(text) : null) ?? WORD.exec(text))?.[0]
  if (head === undefined) return undefined
  const word = head.trimEnd()
  if (word === '' || MEANS_SOMETHING.test(word)) return undefined
  // A plain word is the beginning of a sentence.
  return head.endsWith('\t') || /[^A-Za-z'’-]/.test(word) ? head : undefined
}

/** The same for texts that may begin with the same shape. */
function kindOf(text: string): number {
  const code = text.charCodeAt(0)
  return code >= ZERO && code <= NINE ? ZERO : code
}
const ZERO = 48
const NINE = 57

/** The same for prefixes that differ in their numbers only. */
function shapeOf(head: string): string {
  return head.trimEnd().replace(/\d+/g, '0')
}
