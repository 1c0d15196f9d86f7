/**
 * `pnpm bench:webhooks`: what large signed webhooks take, on a whole running system.
 *
 * Bodies of some 24 MB, as nobody's Git host sends them but whoever knows a secret can, one after the
 * other. Of each: the status, seconds, and by how much the memory of the Workers' processes (`workerd`,
 * resident) grew at most. Prints, last, one line of JSON.
 */
import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import { listProcesses, workingBelow } from '@workers-builds/process-tree'
import { z } from 'zod'
import { startStackProcess } from '../support/stack-process.ts'

const MEGABYTE = 2 ** 20
const Secrets = z.object({
  webhook_secret: z.string(),
  repo_connection_uuid: z.string(),
  github_repo_id: z.int(),
})

const folder = await createTemporaryFolder('bench-webhooks')
const stack = await startStackProcess(folder.path)
try {
  console.log(JSON.stringify(await bench()))
} finally {
  await stack.end('SIGTERM')
  await folder.remove()
}

async function bench() {
  const secrets = Secrets.parse(JSON.parse(readFileSync(join(folder.path, 'secrets.json'), 'utf8')))
  const hash = 'a'.repeat(40)
  const commit = { id: hash, message: 'bench', author: { name: 'Ada' } }
  const push = {
    ref: 'refs/heads/bench',
    before: 'b'.repeat(40),
    after: hash,
    deleted: false,
    commits: [commit],
    head_commit: commit,
    repository: { id: secrets.github_repo_id, pushed_at: Math.floor(Date.now() / 1_000) },
  }
  const files = Array.from({ length: 900_000 }, (_, n) => `vendor/package/${n}.js`)
  const bodies: Record<string, () => string> = {
    'a small push': () => JSON.stringify(push),
    '24 MB of wide characters as a message': () =>
      JSON.stringify({ ...push, head_commit: { ...commit, message: '構'.repeat(8_000_000) } }),
    '24 MB of escapes as a message': () =>
      JSON.stringify({ ...push, head_commit: { ...commit, message: '@' } }).replace(
        '@',
        '\\u69cb'.repeat(4_000_000),
      ),
    '900,000 files': () =>
      JSON.stringify({ ...push, commits: [{ ...commit, added: files }], head_commit: commit }),
    '14 MB of zeros as commits': () =>
      JSON.stringify(push).replace(/\}$/, `,"commits":[${'0,'.repeat(7_000_000)}0]}`),
    '24 MB of levels': () => '['.repeat(24 * MEGABYTE),
    '24 MB of small objects': () => `[${'{},'.repeat(8_000_000)}{}]`,
    '24 MB of fields that are not read': () => `{"x":"${'x'.repeat(24 * MEGABYTE)}"}`,
    '24 MB of digits': () => '1'.repeat(24 * MEGABYTE),
    '24 MB that are no JSON': () => 'x'.repeat(24 * MEGABYTE),
    '200,000 commits': () => JSON.stringify({ ...push, commits: Array(200_000).fill(commit) }),
  }

  const send = async (body: string) => {
    const response = await fetch(
      `${stack.address.url}/webhooks/github/${secrets.repo_connection_uuid}`,
      {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'x-github-event': 'push',
          'x-github-delivery': crypto.randomUUID(),
          'x-hub-signature-256': `sha256=${createHmac('sha256', secrets.webhook_secret).update(body).digest('hex')}`,
        },
      },
    )
    await response.text()
    return response.status
  }
  for (let times = 0; times < 3; times++) await send(JSON.stringify({ ...push, forced: times > 0 }))
  await pause(5_000)
  const idle_mb = Math.round(residentMegabytes())
  const figures: Record<string, object> = {}
  for (const [name, body] of Object.entries(bodies)) {
    const text = body()
    const before = residentMegabytes()
    const sampling = sample()
    const begun = performance.now()
    const status = await send(text)
    const seconds = round((performance.now() - begun) / 1_000)
    const grown_mb = Math.round((await sampling.stop()) - before)
    figures[name] = { status, seconds, grown_mb }
    console.log(`${name}: ${JSON.stringify(figures[name])}`)
    await pause(2_000)
  }
  return { idle_mb, after_all_mb: Math.round(residentMegabytes()), ...figures }
}

/** Looks at the memory all the time; answers with the most it was. */
function sample() {
  let [most, stopped] = [0, false]
  const looking = (async () => {
    while (!stopped) {
      most = Math.max(most, residentMegabytes())
      await pause(20)
    }
  })()
  return {
    async stop() {
      stopped = true
      await looking
      return most
    },
  }
}

/** Of the `workerd` processes of this system. */
function residentMegabytes(): number {
  const pids = workingBelow(folder.path)(listProcesses()).map(({ pid }) => pid)
  const all = execFileSync('ps', ['-o', 'rss=,comm=', '-p', pids.join()], { encoding: 'utf8' })
  const lines = all.split('\n').filter((line) => line.includes('workerd'))
  return lines.reduce((sum, line) => sum + Number.parseInt(line, 10), 0) / 1_024
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}
