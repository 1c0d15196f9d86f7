import { openStore } from '@workers-builds/store'
import { createMiddleware } from 'hono/factory'
import type { ClientContext } from '../context.ts'

/** Gives the request a store of its own; it connects when first asked for something. */
export const withStore = createMiddleware<ClientContext>(async (c, next) => {
  const store = openStore(c.env.HYPERDRIVE.connectionString)
  c.set('store', store)
  try {
    await next()
  } finally {
    c.executionCtx.waitUntil(store.end())
  }
})
