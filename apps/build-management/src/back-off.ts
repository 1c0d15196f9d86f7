import type { Patience } from '@workers-builds/contracts'

/** The pause after `failures` in a row: it grows by a factor with each, up to the longest. Pure. */
export function growingPause(
  failures: number,
  { first, growth, longest }: { first: number; growth: number; longest: number },
): number {
  return Math.min(first * growth ** (failures - 1), longest)
}

/** How long to pause after `failures` in a row: it doubles, up to the longest. Pure. */
export function backOffMs(
  failures: number,
  { backOffFirstMs, backOffLongestMs }: Pick<Patience, 'backOffFirstMs' | 'backOffLongestMs'>,
): number {
  return growingPause(failures, { first: backOffFirstMs, growth: 2, longest: backOffLongestMs })
}
