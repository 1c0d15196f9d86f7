/**
 * Coarse limits on callers with too many requests, counted by Cloudflare in each of its locations
 * over a minute. What has to be exact (builds started by deploy hooks) is counted in Postgres.
 */
import { BuildsError } from '@workers-builds/contracts'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { ClientContext } from '../context.ts'
import { answerError } from '../middleware/answer-error.ts'

/** The `period` of both limits in wrangler.toml. */
const PERIOD_SECONDS = 60

/** Throws `rate_limited` when the caller with this `key` has sent too many requests. */
export async function limitCaller(c: Context<ClientContext>, key: string): Promise<void> {
  const { success } = await c.env.CALLER_LIMIT.limit({ key })
  if (!success) throw tooMany('requests with this token')
}

/**
 * Counts requests that were answered with 401, whatever credentials they had, and answers 429 instead
 * when there were too many from their address. Valid credentials still work from there.
 */
export const limitFailedAuthentication = createMiddleware<ClientContext>(async (c, next) => {
  await next()
  if (c.res.status !== 401) return
  const { success } = await c.env.FAILED_AUTH_LIMIT.limit({ key: networkOf(addressOf(c)) })
  if (success) return
  const error = tooMany('requests that failed to authenticate from this address')
  c.res = answerError(error, c)
})

/** Set by Cloudflare; a client cannot set it. */
function addressOf(c: Context<ClientContext>): string {
  return c.req.header('cf-connecting-ip') ?? ''
}

/** An IPv4 address; of an IPv6 address the first half, since a subscriber owns the whole of the second. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail = ''] = address.toLowerCase().split('::')
  const groups = head === '' ? [] : head.split(':')
  const behind = tail === '' ? [] : tail.split(':')
  const zeros = address.includes('::') ? Array(8 - groups.length - behind.length).fill('0') : []
  return [...groups, ...zeros, ...behind].slice(0, 4).join(':')
}

function tooMany(what: string): BuildsError {
  return new BuildsError(
    'rate_limited',
    `Rate limit exceeded: too many ${what}; try again in ${PERIOD_SECONDS} s`,
    { retryAfterSeconds: PERIOD_SECONDS },
  )
}
