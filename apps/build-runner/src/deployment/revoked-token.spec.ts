import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect } from 'vitest'
import { test as base } from '../testing/harness.ts'

const WRANGLER = join(
  dirname(createRequire(import.meta.url).resolve('wrangler/package.json')),
  'bin',
  'wrangler.js',
)
const TOKEN = 'a-build-token-of-the-account'
const REFUSED = { success: false, errors: [{ code: 10_000, message: 'Authentication error' }] }
const INVALID = { success: false, errors: [{ code: 1_000, message: 'Invalid API Token' }] }
const ACTIVE = { success: true, errors: [], result: { id: 'x', status: 'active' } }
const EXPIRED = { success: true, errors: [], result: { id: 'x', status: 'expired' } }

/** Cloudflare's API as a token without the permission to deploy finds it. */
const test = base.extend<{
  cloudflare: { url: string; verifies: Record<'user' | 'account', object>; asked: string[] }
}>({
  cloudflare: async ({ task: _ }, use) => {
    const cloudflare = {
      url: '',
      verifies: { user: INVALID, account: INVALID },
      asked: [] as string[],
    }
    const server = createServer((request, response) => {
      const [, owner] =
        /\/(user|accounts)(?:\/\w{32})?\/tokens\/verify$/.exec(request.url ?? '') ?? []
      cloudflare.asked.push(request.url ?? '')
      const isOurs = request.headers.authorization === `Bearer ${TOKEN}`
      const verified = owner === 'user' ? cloudflare.verifies.user : cloudflare.verifies.account
      const answer = owner === undefined || !isOurs ? REFUSED : verified
      response.writeHead('result' in answer ? 200 : 401, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ messages: [], result: null, ...answer }))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    cloudflare.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`
    await use(cloudflare)
    server.closeAllConnections()
    server.close()
  },
})

describe('a deployment that Cloudflare refuses', () => {
  test.for([
    ['a token that was rolled', {}, 'build_token_invalid', /^Failed: The build token selected/],
    ['one that expired', { account: EXPIRED }, 'build_token_invalid', /^Failed: The build token/],
    [
      'an account’s that lacks a permission',
      { account: ACTIVE },
      'deploy_command_failed',
      /deploy/,
    ],
    ['a person’s that lacks one', { user: ACTIVE }, 'deploy_command_failed', /deploy command$/],
    ['one that cannot be looked at', { user: REFUSED }, 'deploy_command_failed', /deploy command$/],
  ] as const)('%s', { timeout: 60_000 }, async ([, verifies, reason, line], { h, cloudflare }) => {
    Object.assign(cloudflare.verifies, verifies)
    const repository = h.repository({
      'worker.js': 'export default { fetch: () => new Response() }',
      'wrangler.json': JSON.stringify({
        name: 'worker',
        main: 'worker.js',
        compatibility_date: '2026-01-01',
        send_metrics: false,
      }),
    })
    await h.run(repository, {
      deploy_command: `node ${WRANGLER} deploy`,
      variables: {
        CLOUDFLARE_API_TOKEN: `secret:${TOKEN}`,
        CLOUDFLARE_ACCOUNT_ID: 'a'.repeat(32),
        CLOUDFLARE_API_BASE_URL: cloudflare.url,
      },
    })
    const { stopped, messages } = h.controlPlane
    expect(stopped, messages.join('\n')).toMatchObject({
      build_outcome: 'fail',
      failure_reason: reason,
    })
    expect(messages.join('\n')).toContain('[code: 10000]')
    expect(messages.at(-1)).toMatch(line)
  })

  test('is not looked into when it failed for another reason', async ({ h, cloudflare }) => {
    await h.run(h.repository({ 'README.md': '' }), {
      deploy_command: 'exit 1',
      variables: { CLOUDFLARE_API_TOKEN: TOKEN, CLOUDFLARE_API_BASE_URL: cloudflare.url },
    })
    expect(h.controlPlane.stopped).toMatchObject({ failure_reason: 'deploy_command_failed' })
    expect(cloudflare.asked).toEqual([])
  })
})
