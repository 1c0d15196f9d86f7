/**
 * What bounds a build in a container of its own. Memory and disk are the machine's; its files are measured
 * too, since the engine of one machine has no disk of its own for each container. Processes are bounded by
 * the container's control group where it has a limit, elsewhere by their user.
 */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import {
  diskFull,
  diskLimit,
  killedLimit,
  MEBIBYTE,
  memoryLimit,
  openFileLimit,
  processLimit,
} from '@workers-builds/build-limits'
import {
  type BuildLimit,
  type BuildLimits,
  INSTANCES,
  type InstanceType,
} from '@workers-builds/contracts'

const MAX_PROCESSES = 4_096
const MAX_OPEN_FILES = 65_536

/**
 * Bounds this process, and with it all that it starts from here on. To be called as root, before it acts
 * as the build's user.
 */
export async function boundProcesses(): Promise<void> {
  const pids = await pidsOfGroup()
  const settings = [
    `--nofile=${await mostOpenFiles()}`,
    '--core=0',
    ...(pids === null ? [`--nproc=${MAX_PROCESSES}`] : []),
  ]
  await promisify(execFile)('/usr/bin/prlimit', [`--pid=${process.pid}`, ...settings])
}

/** As many as the machine itself allows: only with a right that containers lack could it be more. */
async function mostOpenFiles(): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8')
  const [, hard] = /^Max open files +\S+ +(\d+)/m.exec(limits) ?? []
  return Math.min(MAX_OPEN_FILES, Number(hard ?? MAX_OPEN_FILES))
}

export interface ContainerLimits {
  all: BuildLimits
  /** The one among them that whoever measures the build's files sees reached. */
  disk: BuildLimit
  diskBytes: number
}

export async function containerLimits(instance_type: InstanceType): Promise<ContainerLimits> {
  const { memory_mib, disk_gb } = INSTANCES[instance_type]
  const memoryBytes = memory_mib * MEBIBYTE
  const diskBytes = disk_gb * 1e9
  const pids = await pidsOfGroup()
  const counter = await oomCounter()
  const disk = diskLimit(diskBytes, null)
  const all = [
    counter !== null && memoryLimit(memoryBytes, counter),
    killedLimit(memoryBytes),
    pids === null
      ? processLimit(MAX_PROCESSES, null)
      : processLimit(pids.limit, { file: pids.events, key: 'max' }),
    disk,
    diskFull(diskBytes),
    openFileLimit(await mostOpenFiles()),
  ]
  return { all: all.filter((limit) => limit !== false), disk, diskBytes }
}

/** Of a container's own control group, in both versions; of a machine of its own, the whole kernel's. */
const OOM_COUNTERS = [
  '/sys/fs/cgroup/memory.events',
  '/sys/fs/cgroup/memory/memory.oom_control',
  '/proc/vmstat',
].map((file) => ({ file, key: 'oom_kill' }))

async function oomCounter(): Promise<BuildLimit['counter']> {
  for (const counter of OOM_COUNTERS) {
    const text = await readFile(counter.file, 'utf8').catch(() => '')
    if (text.split('\n').some((line) => line.startsWith(`${counter.key} `))) return counter
  }
  return null
}

/** The limit of the container's own control group; null where it has none. */
async function pidsOfGroup(): Promise<{ limit: number; events: string } | null> {
  for (const folder of ['/sys/fs/cgroup', '/sys/fs/cgroup/pids']) {
    const limit = Number(await readFile(`${folder}/pids.max`, 'utf8').catch(() => ''))
    if (limit > 0) return { limit, events: `${folder}/pids.events` }
  }
  return null
}
