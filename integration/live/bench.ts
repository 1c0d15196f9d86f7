/**
 * `pnpm bench:live [--viewers N] [--seconds S] [--rate R]`: what it costs to watch a build.
 *
 * A real build writes for S seconds as builds do, a few lines and then nothing for a while (`bursts`),
 * and R lines a second for S seconds (`steady`), while N viewers watch it over WebSockets. One of
 * them reads nothing at all, and one takes two seconds for each frame. Prints, last, one line of JSON:
 *
 * - `bursts` and `steady`: `delay_*` from the line's timestamp, made by the runner, to its being there at
 *   a viewer that reads at once; `flushes_a_second`, which the runner sent meanwhile. One that writes all
 *   the time sends about once a second, so half a second is the least to be expected of `steady`.
 * - `behind_first_*`: how much later than at the first viewer a line is at the others.
 * - `kb_per_viewer`: what the processes of workerd grew by while nothing was written; wrangler's
 *   own proxy, which Cloudflare has no counterpart of here, holds every socket too.
 * - `workerd_mb`: of these processes before there was a viewer; `workerd_peak_mb` at most.
 * - `wrong_viewers`: those that did not get every line once and in order. The silent one is not
 *   counted; what it did not read is not kept for it.
 */

import { execFileSync } from 'node:child_process'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startStack } from '@workers-builds/local/stack'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { openApi } from '../support/api-client.ts'
import { startGate } from '../support/gate.ts'
import { createProject } from '../support/git-project.ts'
import { openSilentViewer, openViewer, type ViewerOptions } from '../support/live-viewer.ts'
import { TEST_PROJECT } from '../support/test-project.ts'

const { values } = parseArgs({
  options: {
    viewers: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '30' },
    rate: { type: 'string', default: '200' },
  },
})
const [VIEWERS, SECONDS, RATE] = [values.viewers, values.seconds, values.rate].map(Number) as [
  number,
  number,
  number,
]
const SLOW_MS = 2_000
const SETTLE_MS = 5_000
const LENGTH = 100
const PHASES = ['bursts', 'steady'] as const

/** How many lines come together, and how long it is quiet then (ms). */
const BURSTS = [
  [1, 400],
  [12, 1_500],
  [3, 900],
  [40, 3_000],
  [1, 200],
  [6, 2_000],
]

// What was started ends with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const folder = await createTemporaryFolder('live')
const signals = await createTemporaryFolder('signals')
await chmod(signals.path, 0o755)
const callbacks = await startGate()
const stack = await startStack({
  dir: folder.path,
  project: TEST_PROJECT,
  callbackUrl: callbacks.url,
  readablePaths: [signals.path],
})
callbacks.setTarget(stack.url)
try {
  console.log(JSON.stringify(await bench()))
} finally {
  await stack.stop()
  await callbacks.close()
  await folder.remove()
  await signals.remove()
}

async function bench() {
  const api = openApi(stack)
  const { build_uuid, go } = await pushWaitingBuild()
  // Viewers go to the Worker itself: the gate before it is for the runner's call-backs.
  const url = (await api.createTicket(build_uuid)).url.replace(
    new URL(callbacks.url).host,
    new URL(stack.url).host,
  )
  const delays = { bursts: [] as number[], steady: [] as number[] }
  const flushedOn: number[] = []
  callbacks.interfere(build_uuid, ({ url }) => {
    if (url?.endsWith('/logs')) flushedOn.push(Date.now())
    return undefined
  })
  const first = new Map<number, number>()
  const behind: number[] = []
  const onLine: ViewerOptions['onLine'] = ({ written_on, ordinal, message }) => {
    const now = Date.now()
    const phase = PHASES.find((name) => message.startsWith(name))
    if (phase === undefined) return
    delays[phase].push(now - written_on)
    const before = first.get(ordinal)
    if (before === undefined) first.set(ordinal, now)
    else behind.push(now - before)
  }
  // As many were here before: what their requests alone left in memory is not the viewers'.
  for (let i = 0; i < VIEWERS; i++) {
    const earlier = await openViewer(url)
    earlier.close()
    await earlier.closed
  }
  const before = await settledMb()
  const silent = await openSilentViewer(url)
  const slow = await openViewer(url, { slowMs: SLOW_MS })
  const viewers: Awaited<ReturnType<typeof openViewer>>[] = []
  while (viewers.length < VIEWERS - 2) viewers.push(await openViewer(url, { onLine }))
  const after = await settledMb()
  console.log(`${VIEWERS} viewers are connected`)

  const began = Date.now()
  await go()
  let peak = after
  const over = Promise.all([...viewers, slow].map((viewer) => viewer.closed))
  let isOver = false
  void over.then(() => {
    isOver = true
  })
  while (!isOver) {
    peak = Math.max(peak, workerdMb())
    await pause(500)
  }
  silent.destroy()
  const log = await api.readLog(build_uuid)
  const isRight = ({ wrong, messages }: (typeof viewers)[number]) =>
    wrong === undefined && messages.join('\n') === log.join('\n')
  return {
    viewers: VIEWERS,
    lines: log.length,
    ...Object.fromEntries(
      PHASES.map((phase, i) => {
        const from = began + i * SECONDS * 1_000
        const flushes = flushedOn.filter((on) => on >= from && on < from + SECONDS * 1_000).length
        return [
          phase,
          {
            delay_p50_ms: quantile(delays[phase], 0.5),
            delay_p99_ms: quantile(delays[phase], 0.99),
            flushes_a_second: Math.round((flushes / SECONDS) * 100) / 100,
          },
        ]
      }),
    ),
    behind_first_p50_ms: quantile(behind, 0.5),
    behind_first_p99_ms: quantile(behind, 0.99),
    kb_per_viewer: Math.round(((after - before) * 1_024) / VIEWERS),
    workerd_mb: Math.round(before),
    workerd_peak_mb: Math.round(peak),
    wrong_viewers: [...viewers, slow].filter((viewer) => !isRight(viewer)).length,
  }
}

/** A build that says "ready", and begins to write when the file `go` is there. */
async function pushWaitingBuild() {
  const go = join(signals.path, 'go')
  const project = await createProject({
    files: {
      'package.json': { name: 'p', private: true, scripts: { build: 'node b.js', deploy: 'true' } },
      'b.js': `
        const { existsSync } = require('fs')
        const { setTimeout: pause } = require('timers/promises')
        async function main() {
          console.log('ready')
          while (!existsSync(${JSON.stringify(go)})) await pause(50)
          const began = Date.now()
          const line = (phase, i) => console.log(phase + ' ' + i + ' ' + 'x'.repeat(${LENGTH}))
          const until = async (ms) => { const early = began + ms - Date.now(); if (early > 0) await pause(early) }
          const bursts = ${JSON.stringify(BURSTS)}
          for (let ms = 0, i = 0; ms < ${SECONDS * 1_000}; i++) {
            const [count, quiet] = bursts[i % bursts.length]
            for (let k = 0; k < count; k++) line('bursts', i)
            await until(ms += quiet)
          }
          for (let i = 0; i < ${SECONDS * RATE}; i++) {
            line('steady', i)
            await until(${SECONDS * 1_000} + i * ${1_000 / RATE})
          }
        }
        main()`,
    },
  })
  const commit = await project.push(stack.git_remote)
  await project.remove()
  const api = openApi(stack)
  const { build_uuid } = await api.findBuild(commit)
  await waitFor('the build to be ready', async () =>
    (await api.readLog(build_uuid)).includes('ready'),
  )
  return { build_uuid, go: () => writeFile(go, '') }
}

/** What the processes of workerd have in memory, in MB. */
function workerdMb(): number {
  const [, ...pids] = stack.parts.workersPids()
  const lines = execFileSync('ps', ['-o', 'rss=,comm=', '-p', pids.join()], { encoding: 'utf8' })
  const sizes = lines.split('\n').flatMap((line) => {
    const [, kb] = /^\s*(\d+) .*workerd/.exec(line) ?? []
    return kb === undefined ? [] : [Number(kb)]
  })
  return sizes.reduce((sum, kb) => sum + kb, 0) / 1_024
}

async function settledMb(): Promise<number> {
  await pause(SETTLE_MS)
  return workerdMb()
}

function quantile(numbers: number[], q: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}
