import { BuildsError, type Caller } from '@workers-builds/contracts'
import { logger } from '@workers-builds/logging'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { ClientContext } from '../context.ts'
import { assertCsrfToken, readSession } from '../session/session-cookie.ts'
import { isAccessConfigured, isJwt, verifyAccessJwt } from './access-jwt.ts'
import { limitCaller } from './rate-limits.ts'

/**
 * Identifies the caller: from the bearer, which is an API token or a JWT of Cloudflare Access, or,
 * where there is none, from the assertion that Access adds to requests, or from the page's cookie.
 */
export const authenticate = createMiddleware<ClientContext>(async (c, next) => {
  const { caller, key } = await identify(c)
  await limitCaller(c, key)
  c.set('caller', caller)
  await next()
})

/** Requires permission to read the path's account, or to write it for methods other than GET. */
export const authorizeAccount = createMiddleware<ClientContext>(async (c, next) => {
  authorize(c, ['GET', 'HEAD'].includes(c.req.method) ? 'read' : 'write')
  await next()
})

/** Requires permission to read the path's account, whatever the method. */
export const authorizeReading = createMiddleware<ClientContext>(async (c, next) => {
  authorize(c, 'read')
  await next()
})

/** Requires permission to write the path's account, whatever the method: for what holds a secret. */
export const authorizeWriting = createMiddleware<ClientContext>(async (c, next) => {
  authorize(c, 'write')
  await next()
})

/**
 * A browser adds cookies, that from which Access makes its assertion among them, to requests of any page.
 * A page of another origin can send no JSON without asking first, and says where it comes from.
 */
function assertSameOrigin(c: Context<ClientContext>): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)) return
  const origin = c.req.header('origin')
  const site = c.req.header('sec-fetch-site')
  const own = [c.env.PUBLIC_URL, c.req.url].map((url) => new URL(url).origin)
  if (
    (origin !== undefined && !own.includes(origin)) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none')
  ) {
    throw new BuildsError('forbidden', 'Requests from other origins are refused here.')
  }
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
    throw new BuildsError(
      'unsupported_media_type',
      'Send content type application/json: requests that a browser identifies need it.',
    )
  }
}

function authorize(c: Context<ClientContext>, needed: 'read' | 'write'): void {
  const account_id = c.req.param('account_id')
  const access = c.var.caller.accounts.find((account) => account.account_id === account_id)
  if (access === undefined || (needed === 'write' && access.permission === 'read')) {
    throw new BuildsError(
      'forbidden',
      `Authentication error: this token may not ${needed} builds of account ${account_id}`,
    )
  }
  logger.setTags({ account_id: access.account_id })
}

/** Requires that a page of our own sent the request, if a browser did and it may change something. */
export const requireSameOrigin = createMiddleware<ClientContext>(async (c, next) => {
  assertSameOrigin(c)
  await next()
})

/** Requires the platform scope, which sees all accounts. */
export const authorizePlatform = createMiddleware<ClientContext>(async (c, next) => {
  if (!c.var.caller.is_platform) {
    throw new BuildsError('forbidden', 'Authentication error: this token has no platform scope')
  }
  await next()
})

/** The caller, and the key under which its requests are counted. */
async function identify(c: Context<ClientContext>): Promise<{ caller: Caller; key: string }> {
  const header = c.req.header('authorization')
  const assertion = c.req.header('cf-access-jwt-assertion')
  if (header === undefined && assertion !== undefined && isAccessConfigured(c.env)) {
    assertSameOrigin(c)
    return await identifyByAccess(c, assertion)
  }
  if (header === undefined) return await identifyByCookie(c)
  const [, token] = /^Bearer +(\S+)$/i.exec(header) ?? []
  if (token === undefined) throw new BuildsError('invalid_token', 'Authentication error')
  if (isJwt(token) && isAccessConfigured(c.env)) return await identifyByAccess(c, token)
  return await identifyByToken(c, token)
}

async function identifyByCookie(c: Context<ClientContext>) {
  const session = await readSession(c)
  if (session === undefined) {
    throw new BuildsError('missing_token', 'Missing token from authorization header')
  }
  assertSameOrigin(c)
  if (!['GET', 'HEAD'].includes(c.req.method)) assertCsrfToken(c, session)
  return await identifyByToken(c, session.token)
}

/** The holder of an API token. Throws `invalid_token`. */
export async function identifyByToken(c: Context<ClientContext>, token: string) {
  const hash = new Uint8Array(
    await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token)),
  )
  const caller = await c.var.store.apiTokens.selectCaller(hash)
  if (caller === undefined) throw new BuildsError('invalid_token', 'Authentication error')
  return { caller, key: `token ${Buffer.from(hash).toString('hex')}` }
}

async function identifyByAccess(c: Context<ClientContext>, token: string) {
  const identity = await verifyAccessJwt(c.env, token)
  const caller = await c.var.store.accessIdentities.selectCaller(identity)
  const { kind, name } = identity
  if (caller === undefined) {
    throw new BuildsError('forbidden', `Authentication error: nothing was granted to ${name}`)
  }
  return { caller, key: `${kind} ${name}` }
}
