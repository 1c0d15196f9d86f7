import { createHash, createHmac, randomBytes, randomUUID, type webcrypto } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { parseKeys } from '@workers-builds/sealing'
import { createHarness, randomHex } from '@workers-builds/store/testing'
import { exportSPKI, importJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startAccessTeam } from './support/access-team.ts'
import { openApi } from './support/api-client.ts'
import { createProject } from './support/git-project.ts'
import { CALLERS, type CallerKind, ROUTES, verdict } from './support/route-access.ts'
import { TEST_PROJECT } from './support/test-project.ts'
import { useStack } from './support/test-stack.ts'

let team: Awaited<ReturnType<typeof startAccessTeam>>
const stack = useStack('access', async () => {
  team = await startAccessTeam()
  return { vars: { ACCESS_TEAM_DOMAIN: team.domain, ACCESS_AUD: team.audience } }
})
let callers: Record<CallerKind, Record<string, string>>
let operations: { operationId: string; method: string; path: string }[]
let paths: Record<string, string>

beforeAll(async () => {
  operations = await readOperations()
  const builds = await Promise.all([aBuild('one'), aBuild('other')])
  callers = await createCallers(builds)
  paths = {
    account_id: stack.account_id,
    script_tag: stack.script_tag,
    script_name: TEST_PROJECT.script_name,
    build_uuid: builds[0].build_uuid,
    callback: 'status',
  }
})

afterAll(() => team?.close())

const OpenApi = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ operationId: z.string() }))),
})

async function readOperations() {
  const document = await (await fetch(`${stack.url}/client/v4/openapi.json`)).json()
  return Object.entries(OpenApi.parse(document).paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { operationId }]) => ({ operationId, method, path })),
  )
}

/** A build that has run and is over. */
async function aBuild(branch: string) {
  const project = await createProject({
    branch,
    files: { 'package.json': { name: 'p', private: true, scripts: { build: 'exit 1' } } },
  })
  const api = openApi(stack)
  const { build_uuid } = await api.findBuild(await project.push(stack.git_remote))
  await project.remove()
  await api.waitUntil(build_uuid, 'stopped')
  const [row] = await stack.sql<{ build_id: number }[]>`
    select build_id from builds where build_uuid = ${build_uuid}`
  return { build_uuid, build_id: row?.build_id ?? 0 }
}

type Built = Awaited<ReturnType<typeof aBuild>>

async function createCallers(builds: readonly [Built, Built]): Promise<typeof callers> {
  const h = createHarness(stack.sql)
  const accounts = [stack.account_id]
  const elsewhere = [(await h.createTenant()).account_id]
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const token = async (options: Parameters<typeof h.createToken>[0]) =>
    bearer(await h.createToken(options))
  const email = await h.createAccessIdentity({ accounts })
  const jwt = async (...args: Parameters<typeof team.sign>) => bearer(await team.sign(...args))
  const person = { email }
  const secrets = z
    .object({ runner_token_keys: z.string() })
    .parse(JSON.parse(await readFile(join(stack.dir, 'secrets.json'), 'utf8')))
  const [key] = parseKeys(secrets.runner_token_keys)
  const runner = ({ build_id, build_uuid }: Built) => {
    const mac = createHmac('sha256', key?.bytes ?? '').update(`runner|${build_id}|${build_uuid}`)
    return bearer(`${build_id}.${mac.digest('base64url')}`)
  }
  const now = Math.floor(Date.now() / 1_000)
  const identity = (options: Parameters<typeof h.createAccessIdentity>[0]) =>
    h.createAccessIdentity(options)
  return {
    'no token': {},
    'a wrong token': bearer(randomBytes(24).toString('base64url')),
    'another scheme': { authorization: `Basic ${btoa('user:password')}` },
    'an expired token': await token({ accounts, expires_on: new Date(Date.now() - 1_000) }),
    "another account's token": await token({ accounts: elsewhere }),
    'a read-only token': await token({ accounts, permission: 'read' }),
    'a token': await token({ accounts }),
    'a platform token': await token({ is_platform: true }),
    "the build's runner": runner(builds[0]),
    "another build's runner": runner(builds[1]),
    'a JWT': await jwt({ email: email.toUpperCase() }),
    'a JWT that Access adds': { 'cf-access-jwt-assertion': await team.sign(person) },
    'a read-only JWT': await jwt({ email: await identity({ accounts, permission: 'read' }) }),
    "a service token's JWT": await jwt({
      common_name: await identity({ kind: 'service', accounts }),
      sub: '',
    }),
    'a platform JWT': await jwt({ email: await identity({ is_platform: true }) }),
    'a JWT of nobody we know': await jwt({ email: 'stranger@users.example' }),
    'an expired JWT': await jwt({ ...person, exp: now - 60 }),
    'a JWT that begins later': await jwt({ ...person, nbf: now + 600 }),
    'a JWT for another application': await jwt({ ...person, aud: ['0'.repeat(64)] }),
    'a JWT of another team': await jwt({ ...person, iss: 'https://other.cloudflareaccess.com' }),
    'a JWT with another key': await jwt(person, { forged: true, asCurrent: true }),
    'a JWT with a key that nobody published': await jwt(person, { forged: true }),
    'a JWT without signature': bearer(unsigned({ ...person, exp: now + 600 })),
    'a JWT signed with the public key as a secret': bearer(await confused(person)),
  }
}

function unsigned(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const payload = { iss: team.domain, aud: [team.audience], iat: 0, ...claims }
  return `${part({ alg: 'none' })}.${part(payload)}.${part({})}`
}

/** What passes where a verifier takes the algorithm from the token. */
async function confused(claims: { email: string }): Promise<string> {
  const { keys } = z
    .object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.string() })) })
    .parse(await (await fetch(`${team.domain}/cdn-cgi/access/certs`)).json())
  const [jwk] = keys
  if (jwk === undefined) throw new Error('the team publishes no key')
  const pem = await exportSPKI((await importJWK(jwk, 'RS256')) as webcrypto.CryptoKey)
  return await new SignJWT({ iss: team.domain, aud: [team.audience], ...claims })
    .setProtectedHeader({ alg: 'HS256', kid: jwk.kid })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(pem))
}

/** What these take away, the other operations need. */
const DESTRUCTIVE = ['deleteWorkerBuild', 'worker-script-delete-worker']

/** Calls an operation with what fits its path; of what it takes away there is none. */
async function call(operation: (typeof operations)[number], caller: CallerKind) {
  const { operationId } = operation
  const { account_id = '' } = paths
  const values: typeof paths =
    operationId === 'eraseAccount' ? {} : DESTRUCTIVE.includes(operationId) ? { account_id } : paths
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    return values[name] ?? (name.endsWith('_uuid') ? randomUUID() : randomHex(32))
  })
  const method = operation.method.toUpperCase()
  const response = await fetch(`${stack.url}${path}`, {
    method,
    headers: {
      ...callers[caller],
      'content-type': 'application/json',
      'cf-connecting-ip': addressOf(caller),
    },
    ...(method !== 'GET' && { body: '{}' }),
  })
  return { status: response.status, text: await response.text() }
}

/** One for each kind of caller: what failed to authenticate is counted by address. */
function addressOf(caller: CallerKind): string {
  return `192.0.2.${Object.keys(CALLERS).indexOf(caller) + 1}`
}

test('every route stands in the table, and the table has no other', () => {
  const ids = operations.map(({ operationId }) => operationId)
  expect(Object.keys(ROUTES).toSorted()).toEqual(ids.toSorted())
})

// Beside the callers: the keys are fetched again half a minute after the last time at the earliest.
describe.concurrent('the keys of Access', () => {
  const whoAmI = async (authorization: string) => {
    const path = `/client/v4/accounts/${stack.account_id}/builds/workers/${stack.script_tag}/builds`
    return (await fetch(`${stack.url}${path}`, { headers: { authorization } })).status
  }

  test('are fetched again for one that is new, and not for each that nobody published', async () => {
    const email = await createHarness(stack.sql).createAccessIdentity({
      accounts: [stack.account_id],
    })
    const bearer = async (options = {}) => `Bearer ${await team.sign({ email }, options)}`
    const old = await bearer()
    expect(await whoAmI(old)).toBe(200)
    await team.rotate()
    const rotated = await bearer()
    await waitFor('the new key', async () => (await whoAmI(rotated)) === 200)
    expect(await whoAmI(old)).toBe(200)

    const before = team.fetches
    for (let i = 0; i < 20; i++) expect(await whoAmI(await bearer({ forged: true }))).toBe(401)
    expect(team.fetches - before).toBeLessThanOrEqual(1)
  })
})

test.concurrent.each(Object.keys(CALLERS) as CallerKind[])(
  '%s gets of every route what the table says',
  async (caller) => {
    const [got, expected] = [{}, {}] as Record<string, unknown>[]
    for (const operation of operations) {
      const needs = ROUTES[operation.operationId] ?? 'nothing'
      const { status, text } = await call(operation, caller)
      const expectation = verdict(caller, needs)
      Object.assign(expected ?? {}, { [operation.operationId]: expectation })
      const isRefused = status === 401 || status === 403
      // What asks for another proof refuses without it, and finds nothing at a random address.
      const isThrough = needs === 'own proof' ? status < 500 : !isRefused && status < 500
      const seen = isThrough && expectation === 'through' ? 'through' : status
      Object.assign(got ?? {}, { [operation.operationId]: seen })
      // MCP has errors of its own shape, JSON-RPC's.
      if (status >= 400 && needs !== 'runner' && operation.operationId !== 'mcp') {
        expect(JSON.parse(text), operation.operationId).toMatchObject({ success: false })
      }
      expect(text).not.toMatch(/\bat .*\.[jt]s:\d+/)
    }
    expect(got).toEqual(expected)
  },
)

describe('a request whose identity comes from a cookie that the browser adds', () => {
  const json = { 'content-type': 'application/json' }
  /** The status of an answer to a body that is refused, once the caller is accepted. */
  async function create(caller: CallerKind, headers: Record<string, string>) {
    const url = `${stack.url}/client/v4/accounts/${stack.account_id}/builds/tokens`
    const all = { ...callers[caller], ...headers }
    return (await fetch(url, { method: 'POST', headers: all, body: '{}' })).status
  }

  test.each<[string, () => Record<string, string>, number]>([
    ['of our own page', () => ({ ...json, origin: new URL(stack.url).origin }), 400],
    ['of no page', () => json, 400],
    ['of another origin', () => ({ ...json, origin: 'https://evil.example' }), 403],
    ['of another site', () => ({ ...json, 'sec-fetch-site': 'cross-site' }), 403],
    ['of a form, which can send no JSON', () => ({ 'content-type': 'text/plain' }), 415],
  ])('%s', async (_, headers, status) => {
    expect(await create('a JWT that Access adds', headers())).toBe(status)
  })

  test('not one with a bearer, which no browser adds', async () => {
    expect(await create('a token', { ...json, origin: 'https://evil.example' })).toBe(400)
  })
})

describe('nothing of the private Workers is reachable', () => {
  /** The path as it is written, which fetch and URL would tidy up. */
  function raw(method: string, path: string, headers: Record<string, string> = {}) {
    const { hostname, port } = new URL(stack.url)
    return new Promise<{ status: number; body: string }>((resolve, reject) => {
      const request = httpRequest({ hostname, port, method, path, headers }, (response) => {
        let body = ''
        response.on('data', (chunk) => {
          body += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
      })
      request.on('error', reject)
      request.end()
    })
  }

  test.each([
    '/api/builds/',
    '/api/builds/../../internal/build-errors/top',
    '/api/builds/%2e%2e/%2e%2e/internal/build-errors/top',
    '/api/builds/..%2f..%2finternal%2fbuild-errors%2ftop/status',
    '//internal/build-errors/top',
    '/internal//build-errors/top',
    '/internal/build-errors/top/',
    '/INTERNAL/build-errors/top',
    '/internal%2fbuild-errors%2ftop',
    '/client/v4/accounts/../../../internal/build-errors/top',
    '/builds/1/live',
    '/live/1',
    '/__scheduled',
    '/workers-builds-build-management/',
    'http://workers-builds-build-management/api/builds',
  ])('%s', async (path) => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']) {
      const { status, body } = await raw(method, path)
      expect([204, 401, 404, 405], `${method} ${path}: ${body}`).toContain(status)
      expect(body).not.toContain('build-management has no public routes')
    }
  })

  test.each(['workers-builds-build-management', 'build-errors.localhost', 'internal'])(
    'by the host name %s',
    async (host) => {
      const { status } = await raw('GET', '/internal/build-errors/top', { host })
      expect(status).toBe(401)
    },
  )

  test('a body that is too large is refused on every door', async () => {
    const body = 'x'.repeat(26 * 1024 * 1024)
    for (const path of [
      `/webhooks/github/${randomUUID()}`,
      `/api/builds/${paths['build_uuid']}/logs`,
      '/internal/build-errors/backfills',
      `/client/v4/accounts/${stack.account_id}/builds/builds/${randomUUID()}/cancel`,
    ]) {
      const method = path.endsWith('cancel') ? 'PUT' : 'POST'
      const response = await fetch(`${stack.url}${path}`, { method, body })
      expect(response.status, path).toBe(413)
      await response.arrayBuffer()
    }
  })

  test('a call-back of megabytes without a token is answered 401, however much of it was sent', async () => {
    const path = `${stack.url}/api/builds/${paths['build_uuid']}/logs`
    for (const megabytes of [1, 3, 5, 7, 3, 5, 7, 3, 5, 7]) {
      const body = 'x'.repeat(megabytes * 1_000_000)
      const response = await fetch(path, { method: 'POST', body })
      expect(response.status, `${megabytes} MB`).toBe(401)
      await response.arrayBuffer()
    }
  })
})

test('what is stored of a token does not open anything', async () => {
  const { authorization = '' } = callers['a token']
  const token = authorization.replace('Bearer ', '')
  const hash = createHash('sha256').update(token).digest()
  const [row] = await stack.sql`select from api_tokens where token_sha256 = ${hash}`
  expect(row).toBeDefined()
  for (const stolen of [hash.toString('hex'), hash.toString('base64')]) {
    const response = await fetch(`${stack.url}/internal/build-errors/top`, {
      headers: { authorization: `Bearer ${stolen}` },
    })
    expect(response.status).toBe(401)
  }
})
