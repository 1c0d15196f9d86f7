/** The sizes of containers that the platform has: developers.cloudflare.com/containers/platform/limits. */
import { z } from 'zod'

export interface InstanceSize {
  vcpus: number
  memory_mib: number
  disk_gb: number
}

/** Those that a Durable Object may start a container with, the smallest first. */
export const INSTANCES = {
  lite: { vcpus: 1 / 16, memory_mib: 256, disk_gb: 2 },
  'standard-1': { vcpus: 1 / 2, memory_mib: 4 * 1024, disk_gb: 8 },
  'standard-2': { vcpus: 1, memory_mib: 6 * 1024, disk_gb: 12 },
  'standard-3': { vcpus: 2, memory_mib: 8 * 1024, disk_gb: 16 },
  'standard-4': { vcpus: 4, memory_mib: 12 * 1024, disk_gb: 20 },
} as const satisfies Record<string, InstanceSize>

export type InstanceType = keyof typeof INSTANCES
export const InstanceType = z.enum(Object.keys(INSTANCES) as InstanceType[])
