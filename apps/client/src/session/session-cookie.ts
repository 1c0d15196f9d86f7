/**
 * The cookie of the web page: an API token, sealed, so that it needs no row and ends with the token. A
 * script cannot read it, and a browser sends it with requests of our own pages alone. Requests that
 * change something carry `x-csrf-token` beside it, which only a page that may read our answers knows.
 */
import { BuildsError } from '@workers-builds/contracts'
import { parseKeyring, SealedValueError, toBase64Url } from '@workers-builds/sealing'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { z } from 'zod'
import type { ClientContext } from '../context.ts'

const SESSION_SECONDS = 12 * 60 * 60

const PLACE = { table: 'session', row: '', column: 'token' }

const SessionCookie = z.object({
  token: z.string(),
  csrf_token: z.string(),
  /** ms */
  expires_on: z.number(),
})
export type SessionCookie = z.infer<typeof SessionCookie>

export async function setSession(c: Context<ClientContext>, token: string): Promise<SessionCookie> {
  const session = {
    token,
    csrf_token: toBase64Url(crypto.getRandomValues(new Uint8Array(32))),
    expires_on: Date.now() + SESSION_SECONDS * 1_000,
  }
  const sealed = await parseKeyring(c.env.WEBHOOK_KEYRING).seal(JSON.stringify(session), PLACE)
  setCookie(c, nameOf(c), sealed, { ...attributesOf(c), maxAge: SESSION_SECONDS })
  return session
}

export function clearSession(c: Context<ClientContext>): void {
  deleteCookie(c, nameOf(c), attributesOf(c))
}

/** The cookie as it was sent, valid or not; undefined when there is none. */
export function sessionCookieOf(c: Context<ClientContext>): string | undefined {
  return getCookie(c, nameOf(c))
}

/** The session of a request; undefined when it has none. Throws `invalid_token` when it is over. */
export async function readSession(c: Context<ClientContext>): Promise<SessionCookie | undefined> {
  const sealed = sessionCookieOf(c)
  if (sealed === undefined) return undefined
  try {
    const text = await parseKeyring(c.env.WEBHOOK_KEYRING).open(sealed, PLACE)
    const session = SessionCookie.parse(JSON.parse(text))
    if (session.expires_on > Date.now()) return session
  } catch (error) {
    if (!(error instanceof SealedValueError)) throw error
  }
  throw new BuildsError(
    'invalid_token',
    'Authentication error: this sign-in is over; sign in again',
  )
}

/** Throws `forbidden` unless the request proves that one of our pages sent it. */
export function assertCsrfToken(c: Context<ClientContext>, { csrf_token }: SessionCookie): void {
  if (isEqual(c.req.header('x-csrf-token') ?? '', csrf_token)) return
  throw new BuildsError(
    'forbidden',
    'Send the csrf_token of GET /client/v4/session as x-csrf-token: this request would change something.',
  )
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => new TextEncoder().encode(text))
  return (
    a !== undefined &&
    b !== undefined &&
    a.length === b.length &&
    crypto.subtle.timingSafeEqual(a, b)
  )
}

/** `__Host-` binds the cookie to this very host, which needs TLS; on one machine there is none. */
function nameOf(c: Context<ClientContext>): string {
  return isSecure(c) ? '__Host-session' : 'session'
}

function attributesOf(c: Context<ClientContext>) {
  return { httpOnly: true, sameSite: 'Strict', path: '/', secure: isSecure(c) } as const
}

function isSecure(c: Context<ClientContext>): boolean {
  return new URL(c.req.url).protocol === 'https:'
}
