import { sep } from 'node:path'
import type { Process } from './list-processes.ts'
import { environmentOf, workingFolderOf } from './list-processes.ts'

/** Picks the processes that are meant out of all. */
export type ProcessSelection = (processes: Process[]) => Process[]

/** Children, grandchildren and so on of process `pid`, without itself. */
export function descendantsOf(pid: number): ProcessSelection {
  return (processes) => {
    const family = new Set([pid])
    let found: Process[]
    do {
      found = processes.filter(({ pid, ppid }) => family.has(ppid) && !family.has(pid))
      for (const child of found) family.add(child.pid)
    } while (found.length > 0)
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

/** Processes of the user `uid`. */
export function ownedBy(uid: number): ProcessSelection {
  return (processes) => processes.filter((process) => process.uid === uid)
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
