/** What containers cost: developers.cloudflare.com/containers/platform/pricing, read in November 2026. */
import type { BuildUsage } from './usage.ts'

/** What is counted of a container's time. */
export type ContainerTime = Pick<
  BuildUsage,
  'vcpu_seconds' | 'memory_gib_seconds' | 'disk_gb_seconds'
>

/** US dollars each, in the plan Workers Paid, which containers need. */
export const CONTAINER_PRICES: Readonly<ContainerTime> = {
  /** Only while a processor works. */
  vcpu_seconds: 0.00002,
  memory_gib_seconds: 0.0000025,
  disk_gb_seconds: 0.00000007,
}

/** What the plan includes each month. */
export const CONTAINER_INCLUDED: Readonly<ContainerTime> = {
  vcpu_seconds: 375 * 60,
  memory_gib_seconds: 25 * 60 * 60,
  disk_gb_seconds: 200 * 60 * 60,
}

const COUNTED = ['vcpu_seconds', 'memory_gib_seconds', 'disk_gb_seconds'] as const

/**
 * What this time costs, in US dollars, beyond what is `included`. `busy`: the share of it in which
 * the processors worked, 0 … 1.
 */
export function containerDollars(
  time: ContainerTime,
  { busy = 1, included }: { busy?: number; included?: ContainerTime } = {},
): number {
  return COUNTED.reduce((sum, what) => {
    const used = time[what] * (what === 'vcpu_seconds' ? busy : 1)
    return sum + CONTAINER_PRICES[what] * Math.max(0, used - (included?.[what] ?? 0))
  }, 0)
}
