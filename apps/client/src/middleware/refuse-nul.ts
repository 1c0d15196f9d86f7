import { BuildsError } from '@workers-builds/contracts'
import { createMiddleware } from 'hono/factory'
import type { ClientContext } from '../context.ts'

/** Refuses a NUL character anywhere in the address: nothing has such a name, and Postgres refuses it. */
export const refuseNul = createMiddleware<ClientContext>(async (c, next) => {
  if (c.req.url.includes('%00')) {
    throw new BuildsError('invalid_request', 'Invalid address: it holds a NUL character (%00).')
  }
  await next()
})
