/**
 * The token a runner calls back with: `<build_id>.<HMAC-SHA256 of build_id and build_uuid>`. It is
 * unique to its build and is checked without asking anybody, so that a log flush costs no query
 * and a wrong token wakes no Durable Object.
 */

import { timingSafeEqual } from 'node:crypto'
import { parseKeys, toBase64Url } from '@workers-builds/sealing'

export type TokenOwner = { build_id: number; build_uuid: string }

/** The token of a build, made with the first of `keys` (a keyring text). */
export async function runnerToken(keys: string, owner: TokenOwner): Promise<string> {
  const [newest] = parseKeys(keys)
  if (newest === undefined) throw new Error('RUNNER_TOKEN_KEYS has no key')
  return await tokenWith(newest.bytes, owner)
}

/** The build_id that `token` stands for; undefined unless one of `keys` made it for this build. */
export async function verifyRunnerToken(
  keys: string,
  { token, build_uuid }: { token: string; build_uuid: string },
): Promise<number | undefined> {
  const [, digits] = /^([1-9]\d{0,15})\.[\w-]{43}$/.exec(token) ?? []
  if (digits === undefined) return undefined
  const build_id = Number(digits)
  for (const key of parseKeys(keys)) {
    const expected = await tokenWith(key.bytes, { build_id, build_uuid })
    if (equal(token, expected)) return build_id
  }
  return undefined
}

async function tokenWith(bytes: Uint8Array<ArrayBuffer>, { build_id, build_uuid }: TokenOwner) {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign'])
  const message = new TextEncoder().encode(`runner|${build_id}|${build_uuid}`)
  const signature = await crypto.subtle.sign('HMAC', key, message)
  return `${build_id}.${toBase64Url(new Uint8Array(signature))}`
}

/** In constant time. */
function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
