import { setTimeout as delay } from 'node:timers/promises'
import type { Process } from './list-processes.ts'
import { listProcesses } from './list-processes.ts'
import type { ProcessSelection } from './select-processes.ts'
import { lineOf } from './select-processes.ts'

/** How long a killed process may take to vanish: only one in an uninterruptible call does. */
const GIVE_UP_MS = 5_000
const POLL_MS = 10

/**
 * Ends every process that `select` picks, and returns once they are gone. This process and those
 * that it descends from are spared, whatever is picked. Answers with the processes that could not
 * be ended, normally none.
 */
export async function killProcesses(select: ProcessSelection): Promise<Process[]> {
  const giveUpOn = Date.now() + GIVE_UP_MS
  const selected = () => {
    const processes = listProcesses()
    const spared = new Set(lineOf(process.pid)(processes))
    return select(processes).filter((process) => !spared.has(process))
  }
  for (;;) {
    const stopped = stopAll(selected)
    // It has just looked, and found nothing.
    if (stopped.size === 0) return []
    for (const pid of stopped) signal(pid, 'SIGKILL')
    const left = selected()
    if (left.length === 0 || Date.now() > giveUpOn) return left
    await delay(POLL_MS)
  }
}

/** Stops what `selected` finds until it finds nothing new; answers with the pids. */
function stopAll(selected: () => Process[]): Set<number> {
  const stopped = new Set<number>()
  for (;;) {
    const running = selected().filter(({ pid }) => !stopped.has(pid))
    if (running.length === 0) return stopped
    for (const { pid } of running) {
      signal(pid, 'SIGSTOP')
      stopped.add(pid)
    }
  }
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGKILL'): void {
  try {
    process.kill(pid, name)
  } catch {
    // ESRCH: it ended meanwhile. EPERM: it became another user's; the caller sees that it is left.
  }
}
