/**
 * Coarse limits against callers that run wild, counted by Cloudflare in each of its locations and
 * over a minute. What has to be exact (builds that a deploy hook starts) is counted in Postgres.
 */
import { BuildsError } from '@workers-builds/contracts'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { ClientContext } from '../context.ts'
import { answerError } from '../middleware/answer-error.ts'

/** The `period` of both limits in wrangler.toml. */
const PERIOD_SECONDS = 60

/** Throws `rate_limited` when the caller that `key` stands for has called too often. */
export async function limitCaller(c: Context<ClientContext>, key: string): Promise<void> {
  const { success } = await c.env.CALLER_LIMIT.limit({ key })
  if (!success) throw tooMany('requests with this token')
}

/**
 * Counts requests that were answered with 401, whatever they were to prove themselves with, and
 * answers 429 instead when there were too many from their address. Who does prove it is let through
 * from there all the same.
 */
export const limitFailedAuthentication = createMiddleware<ClientContext>(async (c, next) => {
  await next()
  if (c.res.status !== 401) return
  const { success } = await c.env.FAILED_AUTH_LIMIT.limit({ key: networkOf(addressOf(c)) })
  if (success) return
  const error = tooMany('requests that failed to authenticate from this address')
  c.res = answerError(error, c)
})

/** Set by Cloudflare; what a client sends under this name does not arrive. */
function addressOf(c: Context<ClientContext>): string {
  return c.req.header('cf-connecting-ip') ?? ''
}

/** An IPv4 address; of an IPv6 address the first half, since a subscriber has all that follow. */
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
