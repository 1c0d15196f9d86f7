/** Runs builds as processes of this machine, for whoever knows its token. */
import { z } from 'zod'
import { startComputeHost } from './start-compute-host.ts'

const Environment = z.object({
  COMPUTE_HOST_PORT: z.coerce.number().int().min(0).max(65_535).default(8790),
  COMPUTE_HOST_TOKEN: z.string().min(16, 'COMPUTE_HOST_TOKEN needs at least 16 characters'),
  COMPUTE_HOST_WARM_RUNNERS: z.coerce.number().int().min(0).max(100).default(0),
  COMPUTE_HOST_BUILDS_DIR: z.string().default('.local/builds'),
  COMPUTE_HOST_CACHE_DIR: z.string().optional(),
})

const environment = Environment.parse(process.env)
const cacheDir = environment.COMPUTE_HOST_CACHE_DIR
const host = await startComputeHost({
  port: environment.COMPUTE_HOST_PORT,
  token: environment.COMPUTE_HOST_TOKEN,
  buildsDir: environment.COMPUTE_HOST_BUILDS_DIR,
  ...(cacheDir !== undefined && { cacheDir }),
  warmRunners: environment.COMPUTE_HOST_WARM_RUNNERS,
})
console.log(`compute-host serves ${host.url}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void host.close().then(() => process.exit(0)))
}
