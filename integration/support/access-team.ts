/** A team of Cloudflare Access: publishes its keys, and makes the tokens that it signs with them. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

const HOUR = 3_600

async function createKey() {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const kid = crypto.randomUUID()
  return {
    kid,
    privateKey,
    jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' },
  }
}

export async function startAccessTeam() {
  let current = await createKey()
  const published = [current.jwk]
  let fetches = 0
  const server = createServer((request, response) => {
    if (request.url !== '/cdn-cgi/access/certs') return void response.writeHead(404).end()
    fetches++
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ keys: published, public_cert: {}, public_certs: [] }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const domain = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const audience = crypto.randomUUID().replaceAll('-', '')

  return {
    domain,
    audience,
    get fetches() {
      return fetches
    },
    /** What Access sends with a person's request; `claims` and `key` as a test wants them. */
    async sign(claims: JWTPayload, { forged = false, asCurrent = false } = {}): Promise<string> {
      const now = Math.floor(Date.now() / 1_000)
      const { kid, privateKey } = forged ? await createKey() : current
      const header = { alg: 'RS256', kid: asCurrent ? current.kid : kid }
      const defaults = { type: 'app', sub: crypto.randomUUID(), identity_nonce: 'n', country: 'PT' }
      return await new SignJWT({
        iss: domain,
        aud: [audience],
        iat: now,
        nbf: now,
        exp: now + HOUR,
        ...defaults,
        ...claims,
      })
        .setProtectedHeader(header)
        .sign(privateKey)
    },
    /** Signs with a new key from now on; the one before stays published, as Access keeps it. */
    async rotate(): Promise<void> {
      current = await createKey()
      published.unshift(current.jwk)
    },
    async close(): Promise<void> {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
