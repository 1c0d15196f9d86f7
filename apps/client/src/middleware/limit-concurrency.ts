import { BuildsError } from '@workers-builds/contracts'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { ClientContext } from '../context.ts'
import { sessionCookieOf } from '../session/session-cookie.ts'
import { createConcurrencyLimit } from './concurrency-limit.ts'

/**
 * Of an isolate. A dashboard asks for a handful at once; each request holds a connection to Postgres
 * while it runs. A wait ends before the 100 s after which Cloudflare gives a request up.
 */
const limit = createConcurrencyLimit({
  concurrency: 4,
  queue_length: 512,
  wait_ms: 60_000,
  hold_ms: 120_000,
})

/**
 * Lets each caller's requests wait for each other when there are many at once, so that they never
 * stop another caller's. Refuses with 429 what would wait too long.
 */
export const limitConcurrency = createMiddleware<ClientContext>(async (c, next) => {
  const key = keyOf(c)
  if (key === undefined) return await next()
  const over = Promise.withResolvers<void>()
  // A request whose client went away is run to its end all the same, so that it releases its slot.
  c.executionCtx.waitUntil(over.promise)
  try {
    const release = await limit.acquire(key)
    if (release === undefined) {
      throw new BuildsError(
        'rate_limited',
        'Too many requests at once: those before this one are not answered yet; send fewer at a time.',
        { retryAfterSeconds: 1 },
      )
    }
    try {
      await next()
    } finally {
      release()
    }
  } finally {
    over.resolve()
  }
})

/**
 * Who waits for whom: requests to the same secret address, and those with the same credentials. The
 * tools of MCP call the API while their own request holds a slot, so that these are two keys.
 */
function keyOf(c: Context<ClientContext>): string | undefined {
  const { path } = c.req
  if (/^\/webhooks\/\w+\/|\/builds\/deploy_hooks\//.test(path) && c.req.method === 'POST')
    return path
  const credentials =
    c.req.header('authorization') ?? c.req.header('cf-access-jwt-assertion') ?? sessionCookieOf(c)
  return credentials && `${path === '/mcp' ? 'mcp' : 'api'} ${credentials}`
}
