import { sep } from 'node:path'
import type { Process } from './list-processes.ts'
import { environmentOf, workingFolderOf } from './list-processes.ts'

/** Picks the processes that are meant out of all. */
export type ProcessSelection = (processes: Process[]) => Process[]

/**
 * Children, grandchildren and so on of process `pid`, without itself. Throws a RangeError for what
 * is no process: everything descends from 0.
 */
export function descendantsOf(pid: number): ProcessSelection {
  if (!(pid > 0)) throw new RangeError(`${pid} is not the id of a process`)
  return (processes) => {
    const family = new Set([pid])
    let children: Process[]
    do {
      children = processes.filter(({ pid, ppid }) => family.has(ppid) && !family.has(pid))
      for (const child of children) family.add(child.pid)
    } while (children.length > 0)
    return processes.filter((process) => process.pid !== pid && family.has(process.pid))
  }
}

/** Processes that were started with `variable` (`NAME=value`) in their environment. */
export function startedWith(variable: string): ProcessSelection {
  return (processes) => processes.filter((process) => environmentOf(process).includes(variable))
}

/** Processes that work in `folder` or below it. */
export function workingBelow(folder: string): ProcessSelection {
  return (processes) =>
    processes.filter((process) => `${workingFolderOf(process)}${sep}`.startsWith(folder + sep))
}

/** Processes of the user `uid`. Throws a RangeError for root, whose processes are the system's. */
export function ownedBy(uid: number): ProcessSelection {
  if (!(uid > 0)) throw new RangeError(`The processes of user ${uid} are not one's own`)
  return (processes) => processes.filter((process) => process.uid === uid)
}

/** The process `pid`, its parent, that one's parent and so on. */
export function lineOf(pid: number): ProcessSelection {
  return (processes) => {
    const byPid = new Map(processes.map((process) => [process.pid, process]))
    const line = new Set<Process>()
    let next = byPid.get(pid)
    while (next !== undefined && !line.has(next)) {
      line.add(next)
      next = byPid.get(next.ppid)
    }
    return [...line]
  }
}

/** Processes that any of `selections` picks, and all of their descendants. */
export function anyOf(...selections: ProcessSelection[]): ProcessSelection {
  return (processes) => {
    const picked = new Set(selections.flatMap((select) => select(processes)))
    for (const { pid } of [...picked]) {
      for (const child of descendantsOf(pid)(processes)) picked.add(child)
    }
    return [...picked]
  }
}
