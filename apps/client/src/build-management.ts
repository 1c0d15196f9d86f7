import type { BuildManagementRpc } from '@workers-builds/contracts'

/** build-management, by its contract: generated types would tie this Worker to its source. */
export function buildManagement(env: Pick<Env, 'BUILD_MANAGEMENT'>): BuildManagementRpc {
  return env.BUILD_MANAGEMENT as unknown as BuildManagementRpc
}
