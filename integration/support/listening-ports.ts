import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { descendantsOf, listProcesses } from '@workers-builds/process-tree'

/** State of a socket that listens, in /proc/net/tcp. */
const LISTEN = '0A'

/** TCP ports that process `pid` and its descendants listen on, as Linux shows them in /proc. */
export function listeningPortsOf(pid: number): number[] {
  const pids = [pid, ...descendantsOf(pid)(listProcesses()).map((process) => process.pid)]
  const sockets = new Set(pids.flatMap(socketsOf))
  const ports = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .flatMap((row) => {
        const [, local, , state, , , , , , inode] = row.trim().split(/\s+/)
        const isOurs = state === LISTEN && inode !== undefined && sockets.has(inode)
        return isOurs && local !== undefined ? [Number.parseInt(local.split(':')[1] ?? '', 16)] : []
      }),
  )
  return [...new Set(ports)]
}

/** Inodes of the sockets that process `pid` has open; none for a process that has ended. */
function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`
  try {
    return readdirSync(folder).flatMap((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${fd}`))?.[1]
      return inode === undefined ? [] : [inode]
    })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
