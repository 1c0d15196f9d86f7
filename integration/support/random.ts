/** Numbers that are as good as random and the same for the same seed (mulberry32). */
export function openRandom(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const random = {
    /** An integer from 0 up to, and without, `limit`. */
    below: (limit: number) => Math.floor(next() * limit),
    /** True that often. */
    chance: (share: number) => next() < share,
    pick<Item>(items: readonly [Item, ...Item[]] | readonly Item[]): Item {
      const item = items[random.below(items.length)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
  }
  return random
}
export type Random = ReturnType<typeof openRandom>
