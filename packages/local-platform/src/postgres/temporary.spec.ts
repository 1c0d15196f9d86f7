import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isRunning } from '../processes/process.ts'
import { RECORD_FILE } from '../processes/run-record.ts'
import { writeJsonFile } from '../state/json-file.ts'
import { startTemporaryPostgres } from './temporary.ts'

/** The folder of a server, which its process has on its command line. */
async function folderOf(pid: number | null): Promise<string> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8')
  return dirname(commandLine.split('\0')[2] ?? '')
}

test.runIf(process.platform === 'linux')(
  'a temporary server whose test run was killed is removed by the next run, others stay',
  async () => {
    const abandoned = await startTemporaryPostgres()
    const folder = await folderOf(abandoned.pid)
    const file = join(folder, RECORD_FILE)
    const record = JSON.parse(await readFile(file, 'utf8'))
    await writeJsonFile(file, { ...record, owner: { ...record.owner, started: 'long ago' } })

    const first = await startTemporaryPostgres()
    onTestFinished(() => first.stop())
    expect(await isRunning(abandoned.pid ?? 0)).toBe(false)
    expect(existsSync(folder)).toBe(false)

    const second = await startTemporaryPostgres()
    expect(await isRunning(first.pid ?? 0)).toBe(true)
    const folderOfSecond = await folderOf(second.pid)
    await second.stop()
    expect(existsSync(folderOfSecond)).toBe(false)
  },
)
