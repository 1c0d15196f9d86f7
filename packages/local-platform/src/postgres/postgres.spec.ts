import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isRunning } from '../processes/process.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { createDatabaseFrom, removePostgres, startPostgres } from './index.ts'

async function setUp() {
  const dir = await temporaryFolder()
  onTestFinished(() => removePostgres({ dir }))
  return {
    dir,
    async start({ durable = false } = {}) {
      const running = await startPostgres({ dir, durable })
      onTestFinished(() => running.stop())
      return running
    },
  }
}

async function query(databaseUrl: string, text: string) {
  const sql = postgres(databaseUrl, { max: 1 })
  try {
    return await sql.unsafe(text)
  } finally {
    await sql.end()
  }
}

describe('Postgres', () => {
  test('keeps its data and its address across a restart', async () => {
    const { start } = await setUp()
    const first = await start()
    await query(first.databaseUrl, 'create table kept as select 42 as answer')
    await first.stop()
    const second = await start()
    expect(second.databaseUrl).toBe(first.databaseUrl)
    expect(await query(second.databaseUrl, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('is gone after stop, which may be called twice', async () => {
    const { start } = await setUp()
    const { pid, stop } = await start()
    await stop()
    await stop()
    expect(await isRunning(pid ?? 0)).toBe(false)
  })

  test('takes over from a server that was left behind, and keeps its data', async () => {
    const { start } = await setUp()
    const left = await start()
    await query(left.databaseUrl, 'create table kept as select 42 as answer')
    const next = await start() // nobody has stopped the first
    expect(await isRunning(left.pid ?? 0)).toBe(false)
    expect(await query(next.databaseUrl, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('recovers after it was killed', async () => {
    const { start } = await setUp()
    const killed = await start({ durable: true })
    await query(killed.databaseUrl, 'create table kept as select 42 as answer')
    process.kill(killed.pid ?? 0, 'SIGKILL')
    const next = await start()
    expect(await query(next.databaseUrl, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('serves only who has the password, which nobody else can read', async () => {
    const { dir, start } = await setUp()
    const { databaseUrl } = await start()
    const wrong = new URL(databaseUrl)
    wrong.password = 'wrong'
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
    expect((await stat(join(dir, 'postgres.json'))).mode & 0o077).toBe(0)
    expect((await stat(join(dir, 'data'))).mode & 0o077).toBe(0)
  })

  test('says why it did not start', async () => {
    const { dir, start } = await setUp()
    await (await start()).stop()
    await rm(join(dir, 'data', 'global', 'pg_control'))
    await expect(start()).rejects.toThrow(/did not start:[\s\S]*pg_control/)
  })

  test('copies a database, with its rows, in place of an earlier copy', async () => {
    const { start } = await setUp()
    const { databaseUrl } = await start()
    await query(databaseUrl, 'create table kept as select 42 as answer')
    for (let round = 0; round < 2; round++) {
      const copy = await createDatabaseFrom({ databaseUrl, name: 'a-copy' })
      expect(await query(copy, 'select answer from kept')).toEqual([{ answer: 42 }])
      await query(copy, 'drop table kept')
    }
    expect(await query(databaseUrl, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('of somebody else is used as it is, and must have a password', async () => {
    const { dir, start } = await setUp()
    const { databaseUrl } = await start()
    const theirs = await startPostgres({ dir: join(dir, 'unused'), databaseUrl })
    expect(theirs).toMatchObject({ databaseUrl, pid: null })
    await theirs.stop()
    expect(await query(databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }])

    const without = new URL(databaseUrl)
    without.password = ''
    await expect(startPostgres({ dir, databaseUrl: without.href })).rejects.toThrow('DATABASE_URL')
  })

  test('does not listen on other addresses of this machine', async () => {
    const { dir, start } = await setUp()
    await start()
    const log = await readFile(join(dir, 'postgres.log'), 'utf8')
    expect(log.match(/listening on .*/g)).toEqual([
      expect.stringContaining('IPv4 address "127.0.0.1"'),
    ])
  })
})
