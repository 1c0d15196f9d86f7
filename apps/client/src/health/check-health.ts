import { BuildManagementHealth, type Health } from '@workers-builds/contracts'
import { checkParts } from '@workers-builds/observability'
import type { Store } from '@workers-builds/store'
import { buildErrors, buildManagement } from '../bindings.ts'

/** A part that has not answered by then counts as failing. */
const PART_MS = 2_500

/** What is known of build-management's own parts when it does not answer. */
const UNKNOWN: BuildManagementHealth = {
  scheduler: 'unknown',
  build_errors_queue: 'unknown',
  compute_host: 'unknown',
}

/** Asks every part of the system at the same time, in a bounded time. */
export async function checkHealth(
  env: Pick<Env, 'BUILD_MANAGEMENT' | 'BUILD_ERRORS'>,
  store: Store,
): Promise<Health> {
  const checked_on = new Date().toISOString()
  let behind = UNKNOWN
  const own = await checkParts(
    {
      postgres: () => store.ping(),
      migrations: async () => {
        const missing = await store.migrations.selectMissing()
        if (missing.length > 0) throw new Error(`migrations are missing: ${missing.join(', ')}`)
      },
      build_management: async () => {
        behind = BuildManagementHealth.parse(await buildManagement(env).checkHealth())
      },
      build_errors: () => buildErrors(env).getDetectorVersion(),
    },
    { ms: PART_MS },
  )
  const parts = { ...own, ...behind }
  if (parts.postgres !== 'ok') parts.migrations = 'unknown'
  const healthy = Object.values(parts).every((status) => status === 'ok' || status === 'starting')
  return { healthy, checked_on, parts }
}
