import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deploymentFile, readDeployment } from './read-deployment.ts'

const VERSION = '1f2a3b4c-5d6e-4f70-8192-a3b4c5d6e7f8'
const SESSION = '{"type":"wrangler-session","version":1,"wrangler_version":"4.135.0"}'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'read-deployment-'))
})
afterEach(() => rm(home, { recursive: true }))

const read = async (...lines: string[]) => {
  await writeFile(deploymentFile({ home }), `${lines.join('\n')}\n`)
  return await readDeployment({ home })
}

test('the last version that wrangler uploaded is reported, with its preview', async () => {
  const preview_url = 'https://1f2a3b4c-worker.example.workers.dev'
  const upload = { type: 'version-upload', version: 1, version_id: VERSION, preview_url }
  const earlier = { type: 'deploy', version: 1, version_id: crypto.randomUUID(), targets: [] }
  expect(await read(SESSION, JSON.stringify(earlier), JSON.stringify(upload))).toEqual({
    version_id: VERSION,
    preview_url,
  })
})

test.each([
  ['nothing', []],
  ['a session that deployed nothing', [SESSION]],
  ['a deployment that failed', ['{"type":"command-failed","code":10000,"message":"no"}']],
  ['a line that is cut', ['{"type":"deploy","version_id":"1f2a']],
  ['a version that is none', ['{"type":"deploy","version_id":"<script>"}']],
  ['an address that is not of the web', ['{"type":"preview","preview_urls":["javascript:1"]}']],
  [
    'more than wrangler writes',
    [`{"type":"deploy","version_id":"${VERSION}"}`, ' '.repeat(2 ** 20)],
  ],
])('%s yields no deployment', async (_, lines) => {
  expect(await read(...lines)).toBeNull()
})

test('no link is followed, and no pipe waited for', async () => {
  await writeFile(join(home, 'elsewhere'), `{"type":"deploy","version_id":"${VERSION}"}\n`)
  await symlink(join(home, 'elsewhere'), deploymentFile({ home }))
  expect(await readDeployment({ home })).toBeNull()
  await rm(deploymentFile({ home }))
  execFileSync('mkfifo', [deploymentFile({ home })])
  expect(await readDeployment({ home })).toBeNull()
})
