import type { Patience } from '@workers-builds/contracts'

/** How long to pause after `failures` in a row: it doubles, up to the longest. Pure. */
export function backOffMs(
  failures: number,
  { backOffFirstMs, backOffLongestMs }: Pick<Patience, 'backOffFirstMs' | 'backOffLongestMs'>,
): number {
  return Math.min(backOffFirstMs * 2 ** (failures - 1), backOffLongestMs)
}
