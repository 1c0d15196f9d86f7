import { createHmac, randomBytes } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Stack, startStack } from '@workers-builds/local/stack'
import { createTemporaryFolder, type TemporaryFolder } from '@workers-builds/local-platform/folders'
import { parseKeys } from '@workers-builds/sealing'
import { connect, type Sql } from '@workers-builds/store'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { openApi } from './support/api-client.ts'
import type {} from './support/bundles.global-setup.ts'
import { endAfterTests } from './support/discard-folder.ts'
import { createProject } from './support/git-project.ts'
import { startHost } from './support/start-host.ts'
import { TEST_PROJECT } from './support/test-project.ts'

/** Where builds run as users of their own. Elsewhere they may read what their user may. */
const isRoot = process.platform === 'linux' && process.getuid?.() === 0

/** A value of each awkward kind; none stands in another. */
const PLANTED = {
  PLAIN: `planted-${randomBytes(12).toString('hex')}`,
  WITH_SIGNS: `pl&nted/${randomBytes(9).toString('hex')}+?"=\\'`,
  LINES: `first-${randomBytes(9).toString('hex')}\nsecond-${randomBytes(9).toString('hex')}`,
}

/** Prints whatever it can lay hands on. */
const SEARCH = `
env
tr '\\0' '\\n' < /proc/self/environ
printf %s "$PLAIN" | base64
printf %s "x$PLAIN" | base64
node -e 'for (const name of ["PLAIN", "WITH_SIGNS", "LINES"]) { const value = process.env[name]; console.log(JSON.stringify({ value }), encodeURIComponent(value)); process.stdout.write(value.slice(0, 9)); process.stdout.write(value.slice(9) + "\\n") }'
pid=$$
while [ "$pid" -gt 1 ]; do
  for file in environ cmdline maps mem stack; do tr '\\0' '\\n' < /proc/$pid/$file; done
  ls -l /proc/$pid/fd
  pid=$(sed -n 's/^PPid:.//p' /proc/$pid/status)
done
ps auxwwe
cat .git/config ~/.gitconfig ~/.git-credentials ~/.netrc ~/.npmrc
git config --list --show-origin
cat "$1"/secrets.json "$1"/stack.json "$1"/workers/*/.dev.vars "$1"/workers/*/wrangler.json
find "$1" -type f -readable -size -2000k -exec cat {} +
find /tmp -maxdepth 3 -type f -readable -name '*.json' -size -100k -exec cat {} + | tail -c 100000
exit 1
`

let folder: TemporaryFolder
let stack: Stack
let sql: Sql

async function start(): Promise<void> {
  stack = await startStack({
    dir: folder.path,
    project: TEST_PROJECT,
    startHost,
    bundles: inject('workerBundles'),
  })
  sql = connect(stack.databaseUrl)
}

async function stop(): Promise<void> {
  await sql?.end()
  await stack?.stop()
}

beforeAll(async () => {
  folder = await createTemporaryFolder('secrets')
  await start()
})

endAfterTests(async () => {
  await stop()
  return folder
})

const SecretsFile = z.record(z.string(), z.union([z.string(), z.number()]))
const readSecrets = async () =>
  SecretsFile.parse(JSON.parse(await readFile(join(folder.path, 'secrets.json'), 'utf8')))

async function call(method: string, path: string, token: string, body: unknown) {
  const response = await fetch(`${stack.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(method !== 'GET' && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status}: ${text}`)
  return text
}

async function build(script: string, files: Record<string, string> = {}) {
  const api = openApi(stack)
  const project = await createProject({
    branch: `b-${randomBytes(4).toString('hex')}`,
    files: { 'package.json': { name: 'p', private: true, scripts: { build: script } }, ...files },
  })
  const { build_uuid } = await api.findBuild(await project.push(stack.git_remote))
  await project.remove()
  const { build_outcome } = await api.waitUntil(build_uuid, 'stopped')
  return { api, build_uuid, build_outcome }
}

/** The token that the runner of a build calls back with. */
async function callbackToken(build_uuid: string): Promise<string> {
  const [row] = await sql<{ build_id: number }[]>`
    select build_id from builds where build_uuid = ${build_uuid}`
  const [key] = parseKeys(String((await readSecrets())['runner_token_keys']))
  return createHmac('sha256', key?.bytes ?? '')
    .update(`runner|${row?.build_id}|${build_uuid}`)
    .digest('base64url')
}

/** What must be found nowhere, by name. */
async function forbidden(build_uuid: string): Promise<[string, string][]> {
  const secrets = await readSecrets()
  const ours = ['webhook_secret', 'compute_host_token', 'github_token', 'build_token', 'token']
  const keyrings = ['webhook_keyring', 'build_keyring', 'runner_token_keys']
  const [lineOne = '', lineTwo = ''] = PLANTED.LINES.split('\n')
  return [
    ['PLAIN', PLANTED.PLAIN],
    ['PLAIN in base64', Buffer.from(PLANTED.PLAIN).toString('base64').slice(0, 24)],
    ['WITH_SIGNS', PLANTED.WITH_SIGNS],
    ['WITH_SIGNS in a URL', encodeURIComponent(PLANTED.WITH_SIGNS)],
    ['WITH_SIGNS in JSON', JSON.stringify(PLANTED.WITH_SIGNS).slice(1, -1)],
    ['LINES, the first', lineOne],
    ['LINES, the second', lineTwo],
    ['the call-back token', await callbackToken(build_uuid)],
    ['the password of the database', new URL(stack.databaseUrl).password],
    ...[...ours, 'platform_token'].map((name) => [name, String(secrets[name])] as [string, string]),
    ...keyrings.map(
      (name) => [name, String(secrets[name]).split(':')[1] ?? ''] as [string, string],
    ),
  ]
}

async function textOfDatabase(): Promise<string> {
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public'`
  const rows = []
  for (const { name } of tables) {
    rows.push(...(await sql`select to_jsonb(t)::text as row from ${sql(name)} t`))
  }
  return rows.map(({ row }) => row).join('\n')
}

/** All files below a folder, as bytes that stand for characters. */
async function textOfFiles(folder: string): Promise<string> {
  const texts: string[] = []
  for (const entry of await readdir(folder, { recursive: true })) {
    const file = join(folder, entry)
    const found = await stat(file).catch(() => undefined)
    if (found?.isFile()) texts.push(await readFile(file, 'latin1').catch(() => ''))
  }
  return texts.join('\n')
}

describe.runIf(isRoot)('a build that looks everywhere', () => {
  test('finds no secret of ours, and shows none of its own', async () => {
    const { trigger_uuid } = await readSecrets()
    const { token, account_id, platform_token } = stack
    const builds = `/client/v4/accounts/${account_id}/builds`
    const variables = Object.entries(PLANTED).map(([name, value]) => [
      name,
      { value, is_secret: true },
    ])
    const answer = await call(
      'PATCH',
      `${builds}/triggers/${trigger_uuid}/environment_variables`,
      token,
      Object.fromEntries(variables),
    )
    const { api, build_uuid, build_outcome } = await build(`sh search.sh ${folder.path}`, {
      'search.sh': SEARCH,
    })
    expect(build_outcome).toBe('fail')
    await api.waitForScan(build_uuid)
    const log = await api.readLog(build_uuid)
    // It did run, and did look.
    expect(log).toContain('PLAIN=***')
    expect(log.join('\n')).toMatch(/Permission denied/)
    expect(log.length).toBeGreaterThan(50)

    const places: Record<string, string> = {
      'its log': log.join('\n'),
      'the database': await textOfDatabase(),
      'the state of the Durable Objects': await textOfFiles(join(folder.path, 'state')),
      'the logs of Workers and hosts': await textOfFiles(join(folder.path, 'logs')),
      'answers of the API': [
        answer,
        await call('GET', `${builds}/builds/${build_uuid}`, token, {}),
        await call('GET', `${builds}/builds/${build_uuid}/errors`, token, {}),
        await call('GET', `${builds}/builds/${build_uuid}/logs`, token, {}),
        await call('GET', `${builds}/triggers/${trigger_uuid}/environment_variables`, token, {}),
        await call('GET', '/internal/build-errors/top', platform_token, {}),
        await call('GET', '/internal/build-errors/unclassified', platform_token, {}),
      ].join('\n'),
    }
    const found = (await forbidden(build_uuid)).flatMap(([name, secret]) => {
      expect(secret.length, name).toBeGreaterThan(5)
      return Object.entries(places).flatMap(([place, text]) =>
        text.includes(secret) ? [`${name} in ${place}`] : [],
      )
    })
    expect(found).toEqual([])
  })
})

describe('a rotation', () => {
  test('has every secret sealed with the new key; then the old one is not needed', async () => {
    const file = join(folder.path, 'secrets.json')
    const newKey = () => `new:${randomBytes(32).toString('base64')}`
    const before = await readSecrets()
    await stop()
    const rings = { webhook_keyring: newKey(), build_keyring: newKey() }
    const both = {
      webhook_keyring: `${rings.webhook_keyring},${before['webhook_keyring']}`,
      build_keyring: `${rings.build_keyring},${before['build_keyring']}`,
    }
    await writeFile(file, JSON.stringify({ ...before, ...both }))
    await start()

    const Answer = z.object({
      result: z.object({
        webhook: z.object({ resealed: z.int(), unopened: z.array(z.unknown()) }),
        build: z.object({ resealed: z.int(), unopened: z.array(z.unknown()) }),
        remaining: z.int(),
      }),
    })
    const answers = []
    do {
      const text = await call('POST', '/internal/secrets/rotate', stack.platform_token, {
        limit: 1,
      })
      answers.push(Answer.parse(JSON.parse(text)).result)
    } while ((answers.at(-1)?.remaining ?? 0) > 0 && answers.length < 50)
    expect(
      answers.flatMap(({ webhook, build }) => [...webhook.unopened, ...build.unopened]),
    ).toEqual([])
    expect(answers.at(-1)?.remaining).toBe(0)

    await stop()
    await writeFile(file, JSON.stringify({ ...before, ...rings }))
    await start()
    const listed = await call('GET', '/internal/secrets', stack.platform_token, {})
    expect([...listed.matchAll(/"key_id":"(\w+)"/g)].map(([, id]) => id)).not.toContain('local1')
    // The webhook's secret and the build token open with the new keys alone.
    const { build_outcome } = await build('test -n "$CLOUDFLARE_API_TOKEN" && echo built')
    expect(build_outcome).not.toBeNull()
    const { api, build_uuid } = await build('echo "token of ${#CLOUDFLARE_API_TOKEN}"; exit 3')
    expect(await api.readLog(build_uuid)).toContain(
      `token of ${String(before['build_token']).length}`,
    )
  })
})
