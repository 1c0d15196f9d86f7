import { createMiddleware } from 'hono/factory'
import type { ClientContext } from '../context.ts'

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}

/**
 * Adds security headers to every answer. Answers hold data and secrets of an account, so that none is
 * stored unless its operation allows it. Hono's own middleware cannot: it changes headers of upgraded
 * connections, which are immutable.
 */
export const secureHeaders = createMiddleware<ClientContext>(async (c, next) => {
  await next()
  if (c.res.status === 101) return
  for (const [name, value] of Object.entries(HEADERS)) c.header(name, value)
  if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
  if (new URL(c.req.url).protocol === 'https:') {
    c.header('strict-transport-security', 'max-age=31536000; includeSubDomains')
  }
})
