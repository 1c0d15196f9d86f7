import { BuildsError } from '@workers-builds/contracts'
import { logger } from '@workers-builds/logging'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { ClientContext } from '../context.ts'

/** Finds out who calls, from the bearer token. */
export const authenticate = createMiddleware<ClientContext>(async (c, next) => {
  const header = c.req.header('authorization')
  if (header === undefined) {
    throw new BuildsError('missing_token', 'Missing token from authorization header')
  }
  const [, token] = /^Bearer +(\S+)$/i.exec(header) ?? []
  const caller = token && (await c.var.store.apiTokens.selectCaller(await sha256(token)))
  if (!caller) throw new BuildsError('invalid_token', 'Authentication error')
  c.set('caller', caller)
  await next()
})

/** Lets a caller through who may read, or for other methods than GET write, the path's account. */
export const authorizeAccount = createMiddleware<ClientContext>(async (c, next) => {
  authorize(c, ['GET', 'HEAD'].includes(c.req.method) ? 'read' : 'write')
  await next()
})

/** Lets a caller through who may read the path's account, whatever the method. */
export const authorizeReading = createMiddleware<ClientContext>(async (c, next) => {
  authorize(c, 'read')
  await next()
})

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

/** Lets a caller through who may see across accounts. */
export const authorizePlatform = createMiddleware<ClientContext>(async (c, next) => {
  if (!c.var.caller.is_platform) {
    throw new BuildsError('forbidden', 'Authentication error: this token has no platform scope')
  }
  await next()
})

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}
