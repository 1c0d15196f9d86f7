import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect } from 'vitest'
import { test } from '../testing/harness.ts'

const WRANGLER = join(
  dirname(createRequire(import.meta.url).resolve('wrangler/package.json')),
  'bin',
  'wrangler.js',
)

const project = (config: Record<string, unknown>) => ({
  'worker.js': 'export default { fetch: () => new Response() }',
  'wrangler.json': JSON.stringify({
    main: 'worker.js',
    compatibility_date: '2026-01-01',
    send_metrics: false,
    ...config,
  }),
})

const worker = (script_name: string) => ({ script_name, script_tag: 'b'.repeat(32) })
const dryRun = (args = '') =>
  `node ${WRANGLER} deploy --dry-run ${args}; cat "$WRANGLER_OUTPUT_FILE_PATH"`

describe('a Wrangler configuration that names', { timeout: 120_000 }, () => {
  test('another Worker deploys over none: the connected one is deployed, and the log says so', async ({
    h,
  }) => {
    await h.run(h.repository(project({ name: 'somebody-elses' })), {
      worker: worker('demo-worker'),
      build_command: 'printenv | grep ^WRANGLER_CI | sort',
      deploy_command: dryRun(),
    })
    const log = h.controlPlane.messages.join('\n')
    expect(log).toContain(
      `WRANGLER_CI_MATCH_TAG=${'b'.repeat(32)}\nWRANGLER_CI_OVERRIDE_NAME=demo-worker`,
    )
    expect(log).toContain('Failed to match Worker name.')
    expect(log).toContain('"worker_name":"demo-worker"')
    expect(log).toContain('"worker_name_overridden":true')
    expect(log).toContain('names another Worker; wrangler used "demo-worker"')
    expect(h.controlPlane.stopped).toMatchObject({ build_outcome: 'success' })
  })

  test('the connected one, or has it as an environment, is not warned about', async ({ h }) => {
    const config = { name: 'demo-worker', env: { staging: {} } }
    await h.run(h.repository(project(config)), {
      worker: worker('demo-worker-staging'),
      deploy_command: dryRun('--env staging'),
    })
    const log = h.controlPlane.messages.join('\n')
    expect(log).toContain('"worker_name":"demo-worker-staging"')
    expect(log).toContain('"worker_name_overridden":false')
    expect(log).not.toMatch(/Failed to match|Warning: /)
  })

  test.for([
    ['mine', '"worker_name":"mine"', 'used the Worker name "mine"'],
    ['', '"worker_name":"somebody-elses"', 'used the Worker name "somebody-elses"'],
  ] as const)(
    'another, with WRANGLER_CI_OVERRIDE_NAME=%s of the user’s, is deployed as they say',
    async (row, { h }) => {
      const [WRANGLER_CI_OVERRIDE_NAME, entry, warning] = row
      await h.run(h.repository(project({ name: 'somebody-elses' })), {
        worker: worker('demo-worker'),
        variables: { WRANGLER_CI_OVERRIDE_NAME, WORD: 'secret:Worker name' },
        build_command: 'printenv WRANGLER_CI_MATCH_TAG || echo no tag',
        deploy_command: dryRun(),
      })
      const log = h.controlPlane.messages.join('\n')
      for (const part of ['\nno tag\n', entry, warning]) expect(log).toContain(part)
    },
  )

  test('a Worker that has another tag at Cloudflare deploys nothing', async ({ h }) => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      const result = { default_environment: { script: { tag: 'c'.repeat(32) } } }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ success: true, errors: [], messages: [], result }))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    await h.run(h.repository(project({ name: 'demo-worker' })), {
      worker: worker('demo-worker'),
      deploy_command: `node ${WRANGLER} deploy`,
      variables: {
        CLOUDFLARE_API_TOKEN: 'secret:a-build-token-of-the-account',
        CLOUDFLARE_ACCOUNT_ID: 'a'.repeat(32),
        CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v4`,
      },
    })
    server.closeAllConnections()
    server.close()
    expect(h.controlPlane.messages.join('\n')).toContain('must match the name of your Worker')
    expect(asked.filter((call) => !call.startsWith('GET'))).toEqual([])
    expect(h.controlPlane.stopped).toMatchObject({ failure_reason: 'deploy_command_failed' })
  })
})
