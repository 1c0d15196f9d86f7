import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeJsonFile } from '../state/json-file.ts'
import { startIdleChild } from '../testing/child.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { isRunning, startTokenOf } from './process.ts'
import { openRunRecord } from './run-record.ts'

/** What a run that was killed hard leaves: its record, with an owner that is gone. */
async function abandon(dir: string): Promise<void> {
  const file = join(dir, 'processes.json')
  const run = JSON.parse(await readFile(file, 'utf8'))
  await writeJsonFile(file, { ...run, owner: { ...run.owner, started: 'long ago' } })
}

describe('openRunRecord', () => {
  test('refuses a folder whose run is alive', async () => {
    const dir = await temporaryFolder()
    const run = await openRunRecord({ dir })
    await expect(openRunRecord({ dir })).rejects.toThrow(`as process ${process.pid}`)
    await run.close()
    await (await openRunRecord({ dir })).close()
  })

  test('ends what an earlier run left behind', async () => {
    const dir = await temporaryFolder()
    const run = await openRunRecord({ dir })
    const child = await startIdleChild()
    await run.add({ name: 'wrangler', pid: child.pid })
    await abandon(dir)
    const next = await openRunRecord({ dir })
    expect(await isRunning(child.pid)).toBe(false)
    await next.close()
  })

  test('ends grandchildren too, when the child between is gone', async () => {
    const dir = await temporaryFolder()
    const run = await openRunRecord({ dir })
    // Like workerd after wrangler was killed: only its environment shows whose it is.
    const orphan = await startIdleChild({ env: run.environment })
    await abandon(dir)
    const next = await openRunRecord({ dir })
    expect(await isRunning(orphan.pid)).toBe(false)
    await next.close()
  })

  test('never ends a process that only has the pid of a recorded one', async () => {
    const dir = await temporaryFolder()
    const run = await openRunRecord({ dir })
    const stranger = await startIdleChild()
    await run.add({ name: 'wrangler', pid: stranger.pid })
    const file = join(dir, 'processes.json')
    const record = JSON.parse(await readFile(file, 'utf8'))
    record.children[0].started = 'before the last boot'
    await writeJsonFile(file, record)
    await abandon(dir)
    const next = await openRunRecord({ dir })
    await next.close()
    expect(await isRunning(stranger.pid)).toBe(true)
  })

  test('shuts a database down instead of killing it', async () => {
    const dir = await temporaryFolder()
    const run = await openRunRecord({ dir })
    const script = "process.on('SIGINT', () => process.exit(7)); setInterval(() => {}, 1e6)"
    const { pid, exited } = await startIdleChild({ script })
    await run.add({ name: 'postgres', pid })
    await run.close()
    expect(await exited).toEqual([7, null])
  })
})

describe('startTokenOf', () => {
  test('distinguishes processes, and is the same each time', async () => {
    const own = await startTokenOf(process.pid)
    expect(own).toBeDefined()
    expect(await startTokenOf(process.pid)).toBe(own)
    const child = await startIdleChild()
    expect(await startTokenOf(child.pid)).not.toBe(own)
    process.kill(child.pid, 'SIGKILL')
    await child.exited
    expect(await startTokenOf(child.pid)).toBeUndefined()
  })
})
