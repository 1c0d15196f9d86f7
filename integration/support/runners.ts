import { basename, dirname } from 'node:path'
import { listProcesses, workingFolderOf } from '@workers-builds/process-tree'

export interface Runner {
  pid: number
  build_uuid: string
}

/**
 * The runners that the compute host `pid` started: its children, or where builds have processes of
 * their own, the child of the first of these. Each works in the home of its build.
 */
export function runnersOf(pid: number): Runner[] {
  const processes = listProcesses().filter(({ uid }) => uid === process.getuid?.())
  const childrenOf = (parent: number) => processes.filter(({ ppid }) => ppid === parent)
  const worksAtHome = (process: (typeof processes)[number]) =>
    basename(workingFolderOf(process) ?? '') === 'home'
  return childrenOf(pid)
    .flatMap((child) =>
      worksAtHome(child)
        ? [child]
        : childrenOf(child.pid).flatMap((first) => childrenOf(first.pid).filter(worksAtHome)),
    )
    .map((runner) => ({
      pid: runner.pid,
      build_uuid: basename(dirname(workingFolderOf(runner) ?? '')),
    }))
}
