import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { commandLineOf, endProcess } from '../processes/process.ts'

/**
 * Shuts down the server that an earlier run, killed hard, left on `data`, and waits until it is
 * gone. The pid file outlives its server, so the process must really be a Postgres of this folder.
 */
export async function stopLeftoverServer({ data }: { data: string }): Promise<void> {
  const pidFile = join(data, 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const pid = Number.parseInt(await readFile(pidFile, 'utf8'), 10)
  if (!Number.isSafeInteger(pid) || pid < 2) return
  const commandLine = await commandLineOf(pid)
  if (!commandLine?.includes('postgres') || !commandLine.includes(data)) return
  // SIGINT is the fast shutdown, SIGQUIT the immediate one: both leave sound data.
  await endProcess({ pid, signals: ['SIGINT', 'SIGQUIT', 'SIGKILL'] })
}
