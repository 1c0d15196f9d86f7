import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0, up to but not 1. */
  next(): number
  /** A whole number from `least` to `most`. */
  integer(least: number, most: number): number
  /** A whole number from 0, up to but not `limit`. */
  below(limit: number): number
  /** True for this share of the calls. */
  chance(share: number): boolean
  pick<Item>(items: readonly Item[]): Item
}

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed)
  const random: Random = {
    next: () => uniformFloat64(generator),
    integer: (least, most) => uniformInt(generator, least, most),
    below: (limit) => random.integer(0, limit - 1),
    chance: (share) => random.next() < share,
    pick: (items) => {
      if (items.length === 0) throw new RangeError('there is nothing to pick from')
      return items[random.below(items.length)] as (typeof items)[number]
    },
  }
  return random
}
