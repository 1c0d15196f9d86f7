import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { endProcess, sendSignal } from '../processes/process.ts'
import type { ServerAccount } from './server-account.ts'

/** A server process. */
export interface Server {
  pid: number
  /** Resolves when the process ends, for whatever reason. */
  exited: Promise<unknown>
  /** The fast shutdown, then harder ones; resolves when the process is gone. */
  stop(): Promise<void>
}

/** Runs the Postgres `program` on the folder `data`, with its log in `logFile`. */
export async function runServer({
  program,
  data,
  port,
  durable,
  logFile,
  account,
}: {
  program: string
  data: string
  port: number
  durable: boolean
  logFile: string
  account: ServerAccount | null
}): Promise<Server> {
  const log = await open(logFile, 'w', 0o600)
  const child = spawn(program, serverArguments({ data, port, durable }), {
    cwd: '/',
    stdio: ['ignore', log.fd, log.fd],
    // A session of its own: Ctrl-C in the terminal must not reach it before its users are gone.
    detached: true,
    ...(account !== null && { uid: account.uid, gid: account.gid }),
  })
  const exited = once(child, 'exit')
  await once(child, 'spawn')
  await log.close()
  const { pid } = child
  if (pid === undefined) throw new Error(`Postgres could not be started from ${program}`)

  const shutDownWithUs = () => sendSignal(pid, 'SIGINT')
  process.once('exit', shutDownWithUs)
  exited.then(() => process.off('exit', shutDownWithUs))
  return {
    pid,
    exited,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      await endProcess({ pid, signals: ['SIGINT', 'SIGQUIT', 'SIGKILL'] })
      await exited
    },
  }
}

function serverArguments({
  data,
  port,
  durable,
}: {
  data: string
  port: number
  durable: boolean
}): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    // Every Durable Object that writes opens a connection for a moment.
    max_connections: 400,
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return ['-D', data, ...flags]
}

/** The end of a server's log, for the message that says why it did not start. */
export async function lastLogLines(logFile: string): Promise<string> {
  const log = await readFile(logFile, 'utf8')
  return log.trim().split('\n').slice(-5).join('\n')
}
