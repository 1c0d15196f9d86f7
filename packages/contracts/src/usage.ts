/** What a build used of its container, as the platform counts it. */
import { z } from 'zod'
import { INSTANCES, InstanceType } from './instances.ts'

/** From the size of the container and the time that it ran. */
export const BuildUsage = z.object({
  instance_type: InstanceType,
  /** How long the container ran. */
  seconds: z.number().nonnegative(),
  /** All of the processors for all of that time. What is billed is what they did: no more than this. */
  vcpu_seconds: z.number().nonnegative(),
  memory_gib_seconds: z.number().nonnegative(),
  disk_gb_seconds: z.number().nonnegative(),
})
export type BuildUsage = z.infer<typeof BuildUsage>

/** What a container of this size uses that runs for `ms`. */
export function usageOf(instance_type: InstanceType, ms: number): BuildUsage {
  const { vcpus, memory_mib, disk_gb } = INSTANCES[instance_type]
  const times = (amount: number) => Math.round(amount * ms) / 1_000
  return {
    instance_type,
    seconds: times(1),
    vcpu_seconds: times(vcpus),
    memory_gib_seconds: times(memory_mib / 1_024),
    disk_gb_seconds: times(disk_gb),
  }
}
