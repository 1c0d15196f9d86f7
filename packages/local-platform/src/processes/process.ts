/** What is known of processes that we may not be the parent of. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** How long a process may take to follow a signal before it gets the next one. */
const SIGNAL_PATIENCE_MS = 10_000

/** Whether `pid` runs; a zombie, which only waits to be reaped, does not. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false
    if (!hasCode(error, 'EPERM')) throw error
  }
  const state = process.platform === 'linux' ? (await readStat(pid))?.state : await ps(pid, 'state')
  return state !== undefined && !state.startsWith('Z')
}

/**
 * When `pid` was started, as a token that compares equal only for the same process: pids are used
 * again, and a pid from a file must not end a stranger. Undefined when there is no such process.
 */
export async function startTokenOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return ps(pid, 'lstart')
  const stat = await readStat(pid)
  if (stat === undefined) return undefined
  // Clock ticks since boot, hence the boot's own id.
  const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
  return `${bootId.trim()}:${stat.startTime}`
}

/** The arguments of `pid`, joined by spaces. */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return ps(pid, 'command')
  const raw = await readProcFile(pid, 'cmdline')
  return raw?.replaceAll('\0', ' ').trim()
}

/** Sends `signals` one after the other until `pid` is gone; throws if it outlives them all. */
export async function endProcess({
  pid,
  signals = ['SIGTERM', 'SIGKILL'],
  patienceMs = SIGNAL_PATIENCE_MS,
}: {
  pid: number
  signals?: NodeJS.Signals[]
  patienceMs?: number
}): Promise<void> {
  for (const signal of signals) {
    if (!sendSignal(pid, signal)) return
    const deadline = Date.now() + patienceMs
    while (Date.now() < deadline) {
      if (!(await isRunning(pid))) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  throw new Error(`Process ${pid} is still there after ${signals.join(', ')}`)
}

/** Whether there was a process to send `signal` to. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false
    throw error
  }
}

async function readStat(pid: number) {
  const stat = await readProcFile(pid, 'stat')
  // `pid (name) state ppid … starttime`; the name may hold spaces and brackets of its own.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, , startTime] = [fields?.[0], fields?.[1], fields?.[19]]
  return state === undefined || startTime === undefined ? undefined : { state, startTime }
}

async function readProcFile(pid: number, name: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/${name}`, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ESRCH')) return undefined
    throw error
  }
}

async function ps(pid: number, column: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', `${column}=`, '-p', String(pid)])
    return stdout.trim() || undefined
  } catch (error) {
    if (hasCode(error, 1)) return undefined // ps: no such process
    throw error
  }
}

function hasCode(error: unknown, code: string | number): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
