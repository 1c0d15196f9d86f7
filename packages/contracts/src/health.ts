/** `GET /health`: whether each part of the system works. */
import { z } from 'zod'

/**
 * `starting`: it does not work yet, and is expected to in a moment; `unknown`: it could not be asked,
 * because the part that knows does not respond.
 */
export const PartStatus = z.enum(['ok', 'starting', 'failing', 'unknown'])
export type PartStatus = z.infer<typeof PartStatus>

/** What only build-management can see. */
export const BuildManagementHealth = z.object({
  /** Scheduler looked for builds a short while ago. */
  scheduler: PartStatus,
  /** Failed builds do not wait long for their detection. */
  build_errors_queue: PartStatus,
  /** What runs builds can be reached. */
  compute_host: PartStatus,
})
export type BuildManagementHealth = z.infer<typeof BuildManagementHealth>

export const Health = z.object({
  healthy: z.boolean(),
  /** The answer is a few seconds old at most. */
  checked_on: z.iso.datetime(),
  parts: BuildManagementHealth.extend({
    postgres: PartStatus,
    /** The database has every migration that this release expects. */
    migrations: PartStatus,
    build_management: PartStatus,
    build_errors: PartStatus,
  }),
})
export type Health = z.infer<typeof Health>
