/** The HTTP interface of a compute host: what BuildCompute asks of the machine that runs builds. */
import { z } from 'zod'
import { CacheKey } from './build-cache.ts'
import { BuildUuid } from './ids.ts'
import { BuildSpec } from './runner.ts'

/**
 * How long a compute host keeps a connection that nobody uses. It is longer than callers keep one:
 * a request that is being sent fails when the host ends its connection. Builds are checked more
 * often than this.
 */
export const COMPUTE_KEEP_ALIVE_MS = 75_000

/** `PUT /builds/:build_uuid`: run this build. Asking again for the same build changes nothing. */
export const CreateComputeBuild = z.object({ v: z.literal(1), spec: BuildSpec })
export type CreateComputeBuild = z.infer<typeof CreateComputeBuild>

/**
 * Answer to `PUT` and to `GET /builds/:build_uuid`; `DELETE` (kill the build with all that it
 * started) returns the same once nothing of it is left. A build that the host does not know is
 * `unknown`: it never ran here, or the host was restarted since.
 */
export const ComputeBuild = z.object({
  v: z.literal(1),
  build_uuid: BuildUuid,
  state: z.enum(['running', 'exited', 'unknown']),
})
export type ComputeBuild = z.infer<typeof ComputeBuild>

/** The most keys of one request. */
export const MAX_CACHE_KEYS = 1_000

/**
 * `DELETE /caches`: remove what builds left under these keys. The answer comes when it is gone;
 * asking again changes nothing.
 */
export const DeleteComputeCaches = z.object({
  v: z.literal(1),
  keys: z.array(CacheKey).max(MAX_CACHE_KEYS),
})
export type DeleteComputeCaches = z.infer<typeof DeleteComputeCaches>

/** Answer to `DELETE /caches`. */
export const ComputeCachesDeleted = z.object({ v: z.literal(1) })
export type ComputeCachesDeleted = z.infer<typeof ComputeCachesDeleted>

/** Answer to `GET /health`: the host runs, and accepts the caller's token. */
export const ComputeHealth = z.object({ v: z.literal(1) })
export type ComputeHealth = z.infer<typeof ComputeHealth>
