/** The other Workers, by their contracts: generated types would tie this one to their source. */
import type { BuildErrorsRpc, BuildManagementRpc } from '@workers-builds/contracts'

export function buildManagement(env: Pick<Env, 'BUILD_MANAGEMENT'>): BuildManagementRpc {
  return env.BUILD_MANAGEMENT as unknown as BuildManagementRpc
}

export function buildErrors(env: Pick<Env, 'BUILD_ERRORS'>): BuildErrorsRpc {
  return env.BUILD_ERRORS as unknown as BuildErrorsRpc
}
