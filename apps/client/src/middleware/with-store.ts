import { openStore } from '@workers-builds/store'
import { createMiddleware } from 'hono/factory'
import type { ClientContext } from '../context.ts'

/**
 * Opens a store for the request; it connects when first used. Queries made together share its one
 * connection, so that no request holds one while it waits for another.
 */
export const withStore = createMiddleware<ClientContext>(async (c, next) => {
  const store = openStore(c.env.HYPERDRIVE.connectionString, { max: 1 })
  c.set('store', store)
  try {
    await next()
  } finally {
    c.executionCtx.waitUntil(store.end())
  }
})
