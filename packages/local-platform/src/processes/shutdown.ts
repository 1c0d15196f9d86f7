import { basename } from 'node:path'
import { listProcesses } from '@workers-builds/process-tree'
import { commandLineOf, isRunning } from './process.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const PARENT_CHECK_MS = 500

/** Why this process is to end. */
export class ShutdownError extends Error {
  override readonly name = 'ShutdownError'
}

/**
 * Aborts when somebody asks this process to end: Ctrl-C, SIGTERM, a closed terminal, or the end of
 * the `npx pnpm` that it runs under, which passes no signal on. A second Ctrl-C ends it at once.
 */
export function shutdownSignal(): AbortSignal {
  const controller = new AbortController()
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(1)
      controller.abort(new ShutdownError(signal))
    })
  }
  whenLaunchersEnd(() => controller.abort(new ShutdownError('the command that ran this ended')))
  return controller.signal
}

async function whenLaunchersEnd(callback: () => void): Promise<void> {
  const launchers = await findLaunchers()
  if (launchers.length === 0) return
  const timer = setInterval(async () => {
    const alive = await Promise.all(launchers.map((pid) => isRunning(pid)))
    if (alive.every((isAlive) => isAlive)) return
    clearInterval(timer)
    callback()
  }, PARENT_CHECK_MS)
  timer.unref()
}

/** The package managers above this process, and the shells between them. */
async function findLaunchers(): Promise<number[]> {
  // Cheap to find on Linux alone; elsewhere a terminal's Ctrl-C is enough.
  const { npm_lifecycle_event } = process.env
  if (process.platform !== 'linux' || npm_lifecycle_event === undefined) return []
  const parents = new Map(listProcesses().map(({ pid, ppid }) => [pid, ppid]))
  const found: number[] = []
  let shells: number[] = []
  for (let pid = process.ppid; pid > 1; pid = parents.get(pid) ?? 0) {
    const commandLine = (await commandLineOf(pid)) ?? ''
    if (isPackageManager(commandLine)) {
      found.push(...shells, pid)
      shells = []
    } else if (/^\S*sh -c /.test(commandLine)) shells.push(pid)
    else break
  }
  return found
}

/** `npm exec pnpm@12 dev`, `pnpm dev`, `node /…/npx-cli.js …` and their like. */
function isPackageManager(commandLine: string): boolean {
  const [first = '', second = ''] = commandLine.split(' ')
  const program = basename(first) === 'node' ? second : first
  return /^(?:npm|npx|pnpm|pnpx)(?:-cli)?(?:\.[cm]?js)?$/.test(basename(program))
}
