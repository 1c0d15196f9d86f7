import { BuildsError } from '@workers-builds/contracts'
import type { Context, Hono } from 'hono'
import type { ClientContext } from '../context.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** What Workers Builds has of each Preview by itself. */
const PREVIEWS = /\/builds\/workers\/[^/]+\/previews(?:\/|$)/

/**
 * What is answered where no operation is: 405 with the methods that the path does have, 204 when
 * only those were asked for, and otherwise 404. There is no CORS: no browser but our own
 * dashboard's, which is of the same origin, has a token to call with.
 */
export function answerNotFound(c: Context<ClientContext>, app: Hono<ClientContext>): Response {
  const allowed = METHODS.filter((method) => hasOperation(app, method, c.req.path))
  if (allowed.length === 0) {
    const hint = PREVIEWS.test(c.req.path)
      ? " Other branches are built with their Worker's previews_base_config, and their builds stand among the Worker's."
      : ''
    throw new BuildsError('not_found', `There is no ${c.req.method} ${c.req.path} here.${hint}`)
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
