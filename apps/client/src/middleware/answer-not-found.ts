import { BuildsError } from '@workers-builds/contracts'
import type { Context, Hono } from 'hono'
import type { ClientContext } from '../context.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** What Workers Builds has for each Preview. */
const PREVIEWS = /\/builds\/workers\/[^/]+\/previews(?:\/|$)/

/**
 * Answers requests for which there is no operation: 405 with the methods that the path has, 204 to
 * OPTIONS, and otherwise 404. There is no CORS: the only browser page with a token
 * is our own dashboard, which has the same origin.
 */
export function answerNotFound(c: Context<ClientContext>, app: Hono<ClientContext>): Response {
  const allowed = METHODS.filter((method) => hasOperation(app, method, c.req.path))
  if (allowed.length === 0) {
    const hint = PREVIEWS.test(c.req.path)
      ? " Other branches are built with their Worker's previews_base_config, and their builds are listed with the Worker's."
      : ''
    throw new BuildsError('not_found', `Not found: ${c.req.method} ${c.req.path}.${hint}`)
  }
  c.header('allow', [...allowed, 'OPTIONS'].join(', '))
  if (c.req.method === 'OPTIONS') return c.body(null, 204)
  throw new BuildsError(
    'method_not_allowed',
    `${c.req.method} is not allowed for ${c.req.path}, but ${allowed.join(', ')}.`,
  )
}

function hasOperation(app: Hono<ClientContext>, method: string, path: string): boolean {
  const [handlers] = app.router.match(method === 'HEAD' ? 'GET' : method, path)
  return handlers.some(([[, route]]) => route.method !== 'ALL')
}
