/** The other Workers, by their contracts: generated types would tie this one to their source. */
import type { BuildErrorsRpc, BuildManagementRpc } from '@workers-builds/contracts'
import { errorFields, logger } from '@workers-builds/logging'
import type { Context } from 'hono'
import type { ClientContext } from './context.ts'

export function buildManagement(env: Pick<Env, 'BUILD_MANAGEMENT'>): BuildManagementRpc {
  return env.BUILD_MANAGEMENT as unknown as BuildManagementRpc
}

export function buildErrors(env: Pick<Env, 'BUILD_ERRORS'>): BuildErrorsRpc {
  return env.BUILD_ERRORS as unknown as BuildErrorsRpc
}

/** Makes Scheduler look for builds at once. Not awaited, since its next tick finds them too. */
export function wakeScheduler(c: Context<ClientContext>): void {
  const waking = buildManagement(c.env).wakeScheduler()
  c.executionCtx.waitUntil(
    waking.catch((error: unknown) =>
      logger.withFields(errorFields(error)).warn('Scheduler could not be woken'),
    ),
  )
}

/** Cancels builds that are under way; when one cannot be reached, the caller has to ask again. */
export async function cancelBuilds(
  env: Pick<Env, 'BUILD_MANAGEMENT'>,
  build_ids: number[],
): Promise<void> {
  const management = buildManagement(env)
  await Promise.all(build_ids.map((build_id) => management.cancelBuild({ build_id })))
}
