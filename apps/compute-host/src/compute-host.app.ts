/** Runs builds as processes of this machine, for whoever knows its token. */
import { delimiter } from 'node:path'
import { MEBIBYTE } from '@workers-builds/build-limits'
import { z } from 'zod'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import { startComputeHost } from './start-compute-host.ts'

const Environment = z.object({
  COMPUTE_HOST_PORT: z.coerce.number().int().min(0).max(65_535).default(8790),
  COMPUTE_HOST_TOKEN: z.string().min(16, 'COMPUTE_HOST_TOKEN needs at least 16 characters'),
  COMPUTE_HOST_NAMESPACES: z.stringbool().default(true),
  COMPUTE_HOST_MAX_MEMORY_MB: z.coerce
    .number()
    .int()
    .min(64)
    .default(DEFAULT_LIMITS.memoryBytes / MEBIBYTE),
  COMPUTE_HOST_MAX_PROCESSES: z.coerce.number().int().min(16).default(DEFAULT_LIMITS.processes),
  COMPUTE_HOST_MAX_DISK_MB: z.coerce
    .number()
    .int()
    .min(1)
    .default(DEFAULT_LIMITS.diskBytes / MEBIBYTE),
  COMPUTE_HOST_MAX_OPEN_FILES: z.coerce.number().int().min(64).default(DEFAULT_LIMITS.openFiles),
  COMPUTE_HOST_WARM_RUNNERS: z.coerce.number().int().min(0).max(100).default(0),
  COMPUTE_HOST_BUILDS_DIR: z.string().default('.local/builds'),
  COMPUTE_HOST_CACHE_DIR: z.string().optional(),
  /** Paths as in PATH: separated by colons. */
  COMPUTE_HOST_READABLE_PATHS: z
    .string()
    .default('')
    .transform((paths) => paths.split(delimiter).filter((path) => path !== '')),
})

const environment = Environment.parse(process.env)
const limits: Limits = {
  memoryBytes: environment.COMPUTE_HOST_MAX_MEMORY_MB * MEBIBYTE,
  processes: environment.COMPUTE_HOST_MAX_PROCESSES,
  diskBytes: environment.COMPUTE_HOST_MAX_DISK_MB * MEBIBYTE,
  openFiles: environment.COMPUTE_HOST_MAX_OPEN_FILES,
}
const cacheDir = environment.COMPUTE_HOST_CACHE_DIR
const host = await startComputeHost({
  port: environment.COMPUTE_HOST_PORT,
  token: environment.COMPUTE_HOST_TOKEN,
  buildsDir: environment.COMPUTE_HOST_BUILDS_DIR,
  ...(cacheDir !== undefined && { cacheDir }),
  readablePaths: environment.COMPUTE_HOST_READABLE_PATHS,
  namespaces: environment.COMPUTE_HOST_NAMESPACES,
  limits,
  warmRunners: environment.COMPUTE_HOST_WARM_RUNNERS,
})
console.log(`compute-host serves ${host.url}`)
console.log(host.isolation)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void host.close().then(() => process.exit(0)))
}
