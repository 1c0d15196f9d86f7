import { type CancelledBuild, v4Success } from '@workers-builds/contracts'
import type { Context } from 'hono'
import { buildManagement } from '../bindings.ts'
import type { ClientContext } from '../context.ts'
import { findBuild } from './find-build.ts'

/** `PUT /builds/:build_uuid/cancel`: ends a build; one that is over stays as it ended. */
export async function cancelBuild(c: Context<ClientContext>): Promise<Response> {
  const build = await findBuild(c)
  const { build_id } = build
  if (build.status !== 'stopped') {
    const wasQueued = await c.var.store.builds.cancelQueued(build_id)
    if (!wasQueued) await buildManagement(c.env).cancelBuild({ build_id })
  }
  const { build_uuid, build_outcome, stopped_on } = await findBuild(c)
  const cancelled: CancelledBuild = {
    build_uuid,
    build_outcome,
    stopped_on: stopped_on?.toISOString() ?? null,
  }
  return c.json(v4Success(cancelled))
}
