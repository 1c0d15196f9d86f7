/** What a build may use of this machine, how it is kept to that, and what its log says of it. */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  diskLimit,
  fileSizeLimit,
  killedLimit,
  MEBIBYTE,
  memoryLimit,
  openFileLimit,
  processLimit,
} from '@workers-builds/build-limits'
import type { BuildLimits } from '@workers-builds/contracts'
import type { BuildFolder } from './build-folder.ts'
import { canSeparateUsers } from './build-uids.ts'
import { type ControlGroup, ControlGroups, removeGroup } from './control-groups.ts'

/** The most that one build may use. */
export interface Limits {
  /** Memory of all its processes together, with what it keeps in /dev/shm. */
  memoryBytes: number
  /** Processes and threads, together. */
  processes: number
  /** Its files together, and any single one. */
  diskBytes: number
  /** Files that one process may have open. */
  openFiles: number
}

/** As much as Workers Builds gives a build: 8 GB of memory and 20 GB of disk. */
export const DEFAULT_LIMITS: Limits = {
  memoryBytes: 8 * 1024 * MEBIBYTE,
  processes: 4_096,
  diskBytes: 20 * 1024 * MEBIBYTE,
  openFiles: 65_536,
}

/** Joins the groups before `--` and becomes what is behind it. */
const JOIN = `
set -e
while test "$1" != --; do echo 0 > "$1/cgroup.procs"; shift; done
shift
exec "$@"
`

/** Written by the host when a build's files are more than they may be. */
const DISK_COUNTER = { file: 'disk.events', key: 'over' }

/** The limits of one build. */
export interface LimitedBuild {
  /** `command`, and all that it starts, kept to the limits. */
  wrap(command: string[]): string[]
  /** For the runner: `--limits=<file>`. */
  file: string
  /** Has the build's log say that it went over its disk. */
  recordDiskOver(): Promise<void>
  /** Removes what the kernel keeps of it; when nothing of the build is left. */
  remove(): Promise<void>
}

/** How this host keeps builds to their limits. */
export class Limiter {
  readonly #limits: Limits
  readonly #groups: Partial<Record<'memory' | 'pids', ControlGroups>>
  /** Arguments of prlimit; none where this system does not have it. */
  readonly #perProcess: string[]
  /** What holds here, in one plain sentence for the operator. */
  readonly description: string

  /** Tries what this system offers. */
  static async open({ buildsDir, ...options }: Limits & { buildsDir: string }): Promise<Limiter> {
    const limits = { ...options, openFiles: Math.min(options.openFiles, await mostOpenFiles()) }
    const reasons: string[] = []
    const groups: Partial<Record<'memory' | 'pids', ControlGroups>> = {}
    for (const controller of canSeparateUsers() ? (['memory', 'pids'] as const) : []) {
      const limit = controller === 'memory' ? options.memoryBytes : options.processes
      try {
        groups[controller] = await openGroups({ controller, buildsDir, limit })
      } catch (error) {
        reasons.push(`no control group for ${controller} (${(error as Error).message})`)
      }
    }
    const perProcess = await perProcessLimits({ limits, groups })
    if (perProcess.length === 0) reasons.push('no prlimit')
    return new Limiter({ limits, groups, perProcess, reasons })
  }

  private constructor(options: {
    limits: Limits
    groups: Partial<Record<'memory' | 'pids', ControlGroups>>
    perProcess: string[]
    reasons: string[]
  }) {
    const { limits, groups, perProcess, reasons } = options
    this.#limits = limits
    this.#groups = groups
    this.#perProcess = perProcess
    const kept = [
      groups.memory && `${megabytes(limits.memoryBytes)} of memory`,
      (groups.pids || perProcess.some((argument) => argument.startsWith('--nproc'))) &&
        `${limits.processes} processes and threads`,
      `${megabytes(limits.diskBytes)} of disk`,
      perProcess.length > 0 && `${limits.openFiles} open files a process`,
    ].filter((each) => typeof each === 'string')
    const except = reasons.length === 0 ? '' : `; ${reasons.join(', ')}`
    this.description = `A build may use ${kept.join(', ')}${except}.`
  }

  /** Prepares what keeps the build in `folder` to its limits. */
  async prepare(folder: BuildFolder): Promise<LimitedBuild> {
    const name = folder.path.split('/').at(-1) ?? ''
    const { memoryBytes, processes } = this.#limits
    const memory = await this.#groups.memory?.make(name, memoryBytes)
    const pids = await this.#groups.pids?.make(name, processes)
    const groups = [memory, pids].filter((group) => group !== undefined)
    const file = join(folder.path, 'limits.json')
    const counter = { ...DISK_COUNTER, file: join(folder.path, DISK_COUNTER.file) }
    await writeFile(file, JSON.stringify(this.#sentences({ memory, pids, counter })))
    return {
      wrap: (command) => [...joining(groups), ...this.#perProcess, ...command],
      file,
      recordDiskOver: () => writeFile(counter.file, `${counter.key} ${Date.now()}\n`),
      remove: async () => {
        for (const group of groups) await removeGroup(group.folder)
      },
    }
  }

  get diskBytes(): number {
    return this.#limits.diskBytes
  }

  async close(): Promise<void> {
    for (const groups of Object.values(this.#groups)) await groups.close()
  }

  #sentences({
    memory,
    pids,
    counter,
  }: {
    memory: ControlGroup | undefined
    pids: ControlGroup | undefined
    counter: ControlGroup['counter']
  }): BuildLimits {
    const { memoryBytes, processes, diskBytes, openFiles } = this.#limits
    const hasPerProcess = this.#perProcess.length > 0
    const limits = [
      memory ? memoryLimit(memoryBytes, memory.counter) : killedLimit(memoryBytes),
      pids !== undefined && processLimit(processes, pids.counter),
      diskLimit(diskBytes, counter),
      hasPerProcess && fileSizeLimit(diskBytes),
      hasPerProcess && openFileLimit(openFiles),
    ]
    return limits.filter((limit) => limit !== false)
  }
}

/** What a command is prefixed with to begin in `groups`. */
function joining(groups: ControlGroup[]): string[] {
  if (groups.length === 0) return []
  return ['sh', '-c', JOIN, 'sh', ...groups.map(({ folder }) => folder), '--']
}

/** Makes a group, as a build would, and removes it. */
async function openGroups(options: {
  controller: 'memory' | 'pids'
  buildsDir: string
  limit: number
}): Promise<ControlGroups> {
  const groups = await ControlGroups.open(options)
  try {
    const group = await groups.make('try', options.limit)
    const [program = '', ...args] = [...joining([group]), 'true']
    await promisify(execFile)(program, args)
    const { file, key } = group.counter
    const text = await readFile(file, 'utf8')
    if (!text.includes(`${key} `)) throw new Error(`${file} does not count ${key}`)
    await removeGroup(group.folder)
    return groups
  } catch (error) {
    await groups.close()
    throw error
  }
}

/**
 * What prlimit is called with. Where there are no control groups, memory is bounded for each process
 * alone, and processes by their user, which has to be the build's own.
 */
async function perProcessLimits({
  limits,
  groups,
}: {
  limits: Limits
  groups: Partial<Record<'memory' | 'pids', ControlGroups>>
}): Promise<string[]> {
  const settings = [
    `--nofile=${limits.openFiles}`,
    `--fsize=${limits.diskBytes}`,
    '--core=0',
    ...(groups.memory ? [] : [`--data=${limits.memoryBytes}`]),
    ...(groups.pids || !canSeparateUsers() ? [] : [`--nproc=${limits.processes}`]),
  ]
  const command = ['prlimit', ...settings]
  const works = await promisify(execFile)('prlimit', [...settings, 'true']).then(
    () => true,
    () => false,
  )
  return works ? command : []
}

/** How many files a process of ours may have open at most; many where that is not known. */
async function mostOpenFiles(): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '')
  const [, hard = ''] = /^Max open files +\S+ +(\d+)/m.exec(limits) ?? []
  return Number(hard) || Number.POSITIVE_INFINITY
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / MEBIBYTE)} MB`
}
