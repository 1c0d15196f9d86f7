import { setTimeout as delay, setImmediate as immediate } from 'node:timers/promises'
import type { Process } from './list-processes.ts'
import { listProcesses } from './list-processes.ts'
import type { ProcessSelection } from './select-processes.ts'
import { lineOf } from './select-processes.ts'

/** How long a killed process may take to vanish: only one in an uninterruptible call does. */
const GIVE_UP_MS = 5_000
/** The first check for survivors; each later one waits twice as long, up to the longest. */
const POLL_MS = 10
const LONGEST_POLL_MS = 160

/**
 * Ends every process that `select` picks, and returns once they are gone. This process and those
 * that it descends from are spared, whatever is picked. Answers with the processes that could not
 * be ended, normally none.
 */
export async function killProcesses(select: ProcessSelection): Promise<Process[]> {
  const giveUpOn = Date.now() + GIVE_UP_MS
  const killed = new Set<number>()
  const others = async () => {
    const processes = await sharedList()
    const spared = new Set(lineOf(process.pid)(processes))
    return processes.filter((process) => !spared.has(process))
  }
  const selected = async () => select(await others())
  for (let poll = POLL_MS; ; poll = Math.min(2 * poll, LONGEST_POLL_MS)) {
    for (const pid of await stopAll(selected)) {
      signal(pid, 'SIGKILL')
      killed.add(pid)
    }
    // It has just looked, and found nothing.
    if (killed.size === 0) return []
    // A killed child whose parent went first is nobody's any more, and no selection picks it.
    const processes = await others()
    const picked = new Set(select(processes))
    const survivors = processes.filter((each) => picked.has(each) || killed.has(each.pid))
    if (survivors.length === 0 || Date.now() > giveUpOn) return survivors
    await delay(poll)
  }
}

let nextList: Promise<Process[]> | undefined

/**
 * All processes as of a moment after the call. Calls before that moment share one list: when
 * many builds end at once, each would list the processes of all the others.
 */
function sharedList(): Promise<Process[]> {
  nextList ??= immediate().then(() => {
    nextList = undefined
    return listProcesses()
  })
  return nextList
}

/** Stops what `selected` finds until it finds nothing new; answers with the pids. */
async function stopAll(selected: () => Promise<Process[]>): Promise<Set<number>> {
  const stopped = new Set<number>()
  for (;;) {
    const running = (await selected()).filter(({ pid }) => !stopped.has(pid))
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
    // ESRCH: it ended meanwhile. EPERM: it became another user's; the caller sees that it survives.
  }
}
