import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A living process of this machine. Zombies are left out: they have ended and only wait for their parent. */
export interface Process {
  pid: number
  ppid: number
  /** The real user id. */
  uid: number
}

/** All living processes, as of now. */
export function listProcesses(): Process[] {
  return process.platform === 'linux' ? listFromProc() : listFromPs()
}

function listFromProc(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const status = readProc(`/proc/${name}/status`)
      return status === undefined ? [] : parseProcStatus(status)
    })
}

/** Exported for tests: the fields we need of `/proc/<pid>/status`, nothing for a zombie. */
export function parseProcStatus(status: string): Process[] {
  const field = (name: string) => status.match(new RegExp(`^${name}:\\s+(\\S+)`, 'm'))?.[1]
  const state = field('State')
  if (state === undefined || state === 'Z' || state === 'X') return []
  return [{ pid: Number(field('Pid')), ppid: Number(field('PPid')), uid: Number(field('Uid')) }]
}

function listFromPs(): Process[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,ruid=,stat='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [pid, ppid, uid, state] = line.trim().split(/\s+/)
      if (state === undefined || state.startsWith('Z')) return []
      return [{ pid: Number(pid), ppid: Number(ppid), uid: Number(uid) }]
    })
}

/** The variables that a process was started with, as `NAME=value`; none where we may not look. */
export function environmentOf({ pid }: Process): string[] {
  if (process.platform === 'linux') return (readProc(`/proc/${pid}/environ`) ?? '').split('\0')
  try {
    return execFileSync('ps', ['-E', '-ww', '-o', 'command=', '-p', `${pid}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).split(' ')
  } catch {
    return [] // ps fails for a process that is gone
  }
}

/** The folder that a process works in; undefined where that is not known. */
export function workingFolderOf({ pid }: Process): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined // gone, not ours to see, or a system without /proc
  }
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined // the process is gone or not ours to see
  }
}
