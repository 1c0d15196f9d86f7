import { BuildsError, v4Success } from '@workers-builds/contracts'
import type { Context } from 'hono'
import { buildManagement } from '../bindings.ts'
import type { ClientContext } from '../context.ts'

/** `POST /build-errors/backfills/stop`: ends the run that is under way. */
export async function stopBackfill(c: Context<ClientContext>): Promise<Response> {
  const stopped = await buildManagement(c.env).stopBackfill()
  if (stopped === null) throw new BuildsError('conflict', 'No backfill is running.')
  return c.json(v4Success(stopped))
}
