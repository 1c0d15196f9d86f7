/** The part of an address that names lines of a log, counted from 1: `L12`, `L12-L20`. */
export type LineRange = { from: number; to: number }

export function parseLines(hash: string): LineRange | undefined {
  const [, from, to = from] = /^#?L(\d{1,9})(?:-L?(\d{1,9}))?$/.exec(hash) ?? []
  if (from === undefined) return undefined
  const [a, b] = [Number(from), Number(to)]
  return a === 0 || b === 0 ? undefined : { from: Math.min(a, b), to: Math.max(a, b) }
}

export function formatLines({ from, to }: LineRange): string {
  return from === to ? `L${from}` : `L${from}-L${to}`
}
