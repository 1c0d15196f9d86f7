import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { create } from 'tar'
import { describe, expect, onTestFinished } from 'vitest'
import { type Harness, test } from '../testing/harness.ts'

/** Serves one release of Hugo in the place of the hosts that mise downloads from. */
async function startMirror(h: Harness) {
  const folder = h.folder('mirror')
  mkdirSync(folder)
  writeFileSync(join(folder, 'hugo'), '#!/bin/sh\necho hugo v0.150.0+extended\n', { mode: 0o755 })
  const archive = 'hugo_extended_0.150.0_linux-amd64.tar.gz'
  await create({ gzip: true, file: join(folder, archive), cwd: folder }, ['hugo'])
  const digest = createHash('sha256')
    .update(readFileSync(join(folder, archive)))
    .digest('hex')
  const checksums = 'hugo_0.150.0_checksums.txt'
  writeFileSync(join(folder, checksums), `${digest}  ${archive}\n`)
  const asked: string[] = []
  const release = {
    tag_name: 'v0.150.0',
    draft: false,
    prerelease: false,
    created_at: '2025-09-08T00:00:00Z',
    published_at: '2025-09-08T00:00:00Z',
    assets: [archive, checksums].map((name) => {
      const url = `https://github.com/gohugoio/hugo/releases/download/v0.150.0/${name}`
      return { name, browser_download_url: url, url, digest: null }
    }),
  }
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const file = [archive, checksums].find((name) => path.endsWith(name))
    if (path.endsWith('/releases/tags/v0.150.0')) response.end(JSON.stringify(release))
    else if (/\/hugo\/releases(?:\?.*)?$/.test(path)) response.end(JSON.stringify([release]))
    else if (file !== undefined) response.end(readFileSync(join(folder, file)))
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const environment = {
    MISE_URL_REPLACEMENTS: JSON.stringify({ 'regex:^https?://([^/]+)/': `${address}/$1/` }),
    MISE_HTTP_RETRIES: '0',
  }
  return { asked, environment }
}

describe('what npm does not carry comes with mise', { timeout: 240_000 }, () => {
  test('from the mirrors that its variables name', async ({ h }) => {
    const { asked, environment } = await startMirror(h)
    const repository = h.repository({ 'README.md': '' })
    const changes = {
      variables: { HUGO_VERSION: 'extended_0.150.0' },
      build_command: 'hugo version',
    }
    await h.run(repository, changes, environment)
    const { messages, stopped } = h.controlPlane
    expect(stopped, [...messages, ...asked].join('\n')).toMatchObject({ build_outcome: 'success' })
    expect(messages).toContain('Detected the following tools from environment: hugo@0.150.0')
    expect(messages.at(-2)).toBe('hugo v0.150.0+extended')
    expect(asked.join('\n')).not.toContain('mise-versions')
  })

  test('and ends the build when it has no such version', async ({ h }) => {
    const { environment } = await startMirror(h)
    const changes = { variables: { HUGO_VERSION: '0.999.0' }, build_command: 'echo never' }
    await h.run(h.repository({ 'README.md': '' }), changes, environment)
    expect(h.controlPlane.messages.slice(-2)).toEqual([
      'HUGO_VERSION: 0.999.0 is not a version of hugo: write one such as 0.147.7 or extended_0.147.7',
      'Failed: error occurred while installing tools or dependencies',
    ])
  })
})
