/** Shortens a log to what a model has room for. Pure. */

/** About 10,000 tokens. */
const MOST_CHARACTERS = 40_000
/** Longer lines are cut. */
const MOST_LINE_CHARACTERS = 500
/** How much of that the beginning gets; the end, where builds fail, gets most of the rest. */
const HEAD_SHARE = 0.15
const CONTEXT_LINES = 15

/**
 * Numbered lines. Where there are too many, the beginning, the surroundings of the decisive line,
 * whose number counts from 1, and the end are kept, and the gaps are marked.
 */
export function logText(lines: string[], decisive: number | null): string {
  const texts = lines.map((line, number) => numbered(line, number))
  if (sizeOf(texts) <= MOST_CHARACTERS) return texts.join('\n')
  const numbers = new Set<number>()
  let room = MOST_CHARACTERS
  const keep = (number: number): boolean => {
    const text = texts[number]
    if (text === undefined || numbers.has(number)) return text !== undefined
    if (text.length + 1 > room) return false
    room -= text.length + 1
    numbers.add(number)
    return true
  }
  if (decisive !== null) {
    for (const number of around(decisive - 1, CONTEXT_LINES)) keep(number)
  }
  const forEnd = room * (1 - HEAD_SHARE)
  for (let number = 0; room > forEnd && keep(number); number++);
  for (let number = texts.length - 1; number >= 0 && keep(number); number--);
  return withGaps(texts, numbers)
}

function withGaps(texts: string[], numbers: Set<number>): string {
  const out: string[] = []
  let gap = 0
  const closeGap = () => {
    if (gap > 0) out.push(`… ${gap} lines left out …`)
    gap = 0
  }
  texts.forEach((text, number) => {
    if (!numbers.has(number)) {
      gap++
      return
    }
    closeGap()
    out.push(text)
  })
  closeGap()
  return out.join('\n')
}

/** Nearest first. */
function around(line: number, context: number): number[] {
  const numbers = [line]
  for (let distance = 1; distance <= context; distance++) {
    numbers.push(line - distance, line + distance)
  }
  return numbers.filter((number) => number >= 0)
}

function numbered(line: string, number: number): string {
  const cut = line.length > MOST_LINE_CHARACTERS
  return `${number + 1}: ${cut ? `${line.slice(0, MOST_LINE_CHARACTERS)}…` : line}`
}

function sizeOf(texts: string[]): number {
  return texts.reduce((sum, text) => sum + text.length + 1, 0)
}
