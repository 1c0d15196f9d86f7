/** Repeatable numbers: the same ones for the same seed (mulberry32). */
export function randomNumbers(seed: number) {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    /** A number in [0, 1). */
    next,
    /** A whole number in [0, limit). */
    below: (limit: number): number => Math.floor(next() * limit),
  }
}
