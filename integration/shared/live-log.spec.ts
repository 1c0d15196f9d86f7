import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LiveLogFrame } from '@workers-builds/contracts'
import { watchLog } from '@workers-builds/local-platform/live-log'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { expect, test } from 'vitest'
import { openSilentViewer, openViewer } from '../support/live-viewer.ts'
import { useSharedStack } from './use-shared-stack.ts'

const stack = useSharedStack()

/** A build that says "ready", and writes its lines when the file `go` is there. */
async function pushWaitingBuild({ lines, length }: { lines: number; length: number }) {
  const go = join(stack.signalsDir, `go-${crypto.randomUUID()}`)
  const script = `
    const { existsSync } = require('fs')
    const { setTimeout: pause } = require('timers/promises')
    async function main() {
      console.log('ready')
      while (!existsSync(${JSON.stringify(go)})) await pause(50)
      for (let i = 0; i < ${lines}; i++) {
        console.log('line ' + i + ' ' + 'x'.repeat(${length}))
        if (i % 200 === 0) await pause(100)
      }
    }
    main()`
  const { build_uuid } = await stack.pushScripts(
    { build: 'node b.js', deploy: 'true' },
    { files: { 'b.js': script } },
  )
  await waitFor('the build to be ready', async () =>
    (await stack.api.readLog(build_uuid)).includes('ready'),
  )
  return { build_uuid, go: () => writeFile(go, '') }
}

test('200 sockets on one build get every line once and in order, a silent one among them', async () => {
  const build = await pushWaitingBuild({ lines: 4_000, length: 200 })
  const { url } = await stack.api.createTicket(build.build_uuid)
  const silent = await openSilentViewer(url)
  const viewers = await Promise.all(Array.from({ length: 199 }, () => openViewer(url)))
  await build.go()
  const closes = await Promise.all(viewers.map((viewer) => viewer.closed))
  expect(new Set(closes.map(({ code }) => code))).toEqual(new Set([1000]))
  const log = await stack.api.readLog(build.build_uuid)
  expect(log.length).toBeGreaterThan(4_000)
  for (const viewer of viewers) {
    expect(viewer.wrong).toBeUndefined()
    expect(viewer.messages).toEqual(log)
  }
  // What it was sent and did not take, it gets when it reads again, and no more than that.
  let bytes = 0
  silent.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  silent.resume()
  await waitFor('what was under way', async () => bytes > 128 * 1024)
  expect(bytes).toBeLessThan(300 * 1024)
  silent.destroy()
})

test('a program follows a build from the queue to its end', async () => {
  const build = await pushWaitingBuild({ lines: 100, length: 10 })
  const frames: LiveLogFrame[] = []
  const { signal } = new AbortController()
  for await (const frame of watchLog({ ...stack, ...build }, signal)) {
    if (frames.length === 0) await build.go()
    frames.push(frame)
  }
  const messages = frames.flatMap((frame) => (frame.type === 'lines' ? frame.lines : []))
  const log = await stack.api.readLog(build.build_uuid)
  expect(messages.map(([, message]) => message)).toEqual(log)
  expect(frames.at(-1)).toMatchObject({ type: 'end', build_outcome: 'success' })
})

test('a deleted account takes its running build, its log, its container and its cache with it', async () => {
  const [trigger] = await stack.sql<{ trigger_uuid: string }[]>`
    update triggers t set cache_generation = 1 from workers w
    where w.script_tag = t.script_tag and w.account_id = ${stack.account_id}
    returning t.trigger_uuid`
  const caches = ['.0', '.1'].map((generation) => {
    const key = `${trigger?.trigger_uuid}${generation}`
    return join(stack.dir, 'cache', createHash('sha256').update(key).digest('hex'))
  })
  for (const folder of caches) {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'dependencies-npm.tar.zst'), 'what a build cached')
  }
  const build = await pushWaitingBuild({ lines: 1, length: 1 })
  const { url } = await stack.api.createTicket(build.build_uuid)
  const viewer = await openViewer(url)
  const erased = await fetch(`${stack.url}/internal/accounts/${stack.account_id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${stack.platform_token}` },
  })
  expect(erased.status).toBe(202)
  await waitFor('the account to be gone', async () => {
    const rows = await stack.sql`select from accounts where account_id = ${stack.account_id}`
    return rows.length === 0
  })
  expect(await stack.sql`select from builds where account_id = ${stack.account_id}`).toHaveLength(0)
  expect(caches.filter((folder) => existsSync(folder))).toEqual([])
  expect((await viewer.closed).code).toBe(1000)
  expect(viewer.messages.at(-1)).toBe('Build was cancelled')
})
