/**
 * What a build sees of this machine: a mount, process and IPC namespace of its own.
 *
 * - everything is read-only and without effect of set-user-id bits, but for the builds' folders,
 *   in which a build may write to its own;
 * - /tmp and /var/tmp are folders of the build's, /dev/shm is memory of the build's: they are gone
 *   with it, and nobody else sees what is in them;
 * - its processes, System V and POSIX IPC are those of the build alone, and end with its first process;
 * - its user has a name: without one, `whoami`, ssh and Python's getpwuid fail.
 *
 * What all builds share is mounted once, in a namespace that no process lives in: this process
 * holds it open. A build starts in a copy of it, with what is its own mounted on top.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { realpathSync, statSync } from 'node:fs'
import { type FileHandle, mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { text } from 'node:stream/consumers'
import type { BuildFolder } from './build-folder.ts'
import { type Mount, parseMounts } from './mounts.ts'

/** In what /proc/sys/kernel/shmall counts. */
const PAGE_BYTES = 4_096

/** Folders that every user may write to, and that each build has for itself. */
const COVERED = { temporary: '/tmp', temporaryKept: '/var/tmp', memory: '/dev/shm' }

/**
 * File systems that show the kernel's own state, or none of which only root may write to. Set-user-id
 * programs cannot be in them.
 */
const KERNELS_OWN = new Set(
  'autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts efivarfs fusectl nsfs proc pstore securityfs selinuxfs sysfs tracefs'.split(
    ' ',
  ),
)

/** The mounts that all builds share: $1 holds those of the builds, the rest is what is read-only. */
const SHARED_MOUNTS = `
set -e
mount --bind "$1" "$1"
mount -o remount,bind,nosuid,nodev "$1"
shift
mount -o "$1" /
shift
while test $# -gt 0; do
  # What cannot be made read-only is not shown to builds.
  mount -o "$1" "$2" 2>/dev/null || umount --lazy "$2" 2>/dev/null || :
  shift 2
done
echo mounted
read -r _ || :
`

/**
 * The first process of a build's namespace. It mounts what is the build's own, starts the runner,
 * and collects the processes that lost their parents; when it ends, the kernel ends all others.
 * The folder is entered after mounting: its path leads into what is mounted. The shell would say of a
 * runner that was ended by a signal that it was.
 */
const FIRST_PROCESS = `
set -e
exec 3<&0
mount --all --fstab "$1"
echo "$2" > /proc/sys/kernel/shmall
cd "$3"
shift 3
"$@" <&3 3<&- &
wait "$!" 2>/dev/null
`

export class BuildView {
  readonly #namespace: FileHandle
  readonly #sharedMemoryBytes: number
  /** Paths below what is covered that builds have to reach all the same. */
  readonly #reachable: string[]

  /**
   * Makes what all builds share. Throws an error that says why where this system has no such
   * namespaces, or this process may not make them, as in most containers.
   */
  static async open(options: {
    /** The folder of the builds' folders, which exists. */
    buildsDir: string
    /** What builds read or run; only what lies in /tmp or /var/tmp needs to be said. */
    readablePaths: string[]
    /** The most that a build may have in /dev/shm, and again as much in System V's shared memory. */
    sharedMemoryBytes: number
  }): Promise<BuildView> {
    const reachable = [options.buildsDir, ...options.readablePaths].map((path) =>
      realpathSync(path),
    )
    const namespace = await mountShared(reachable[0] ?? '')
    const { sharedMemoryBytes } = options
    return new BuildView({ namespace, reachable: withoutNested(reachable), sharedMemoryBytes })
  }

  private constructor(options: {
    namespace: FileHandle
    reachable: string[]
    sharedMemoryBytes: number
  }) {
    this.#namespace = options.namespace
    this.#reachable = options.reachable
    this.#sharedMemoryBytes = options.sharedMemoryBytes
  }

  /** `command` in the view of the build in `folder`, which is prepared for that. */
  async command(command: string[], folder: BuildFolder): Promise<string[]> {
    const table = await this.#prepare(folder)
    const pages = `${Math.floor(this.#sharedMemoryBytes / PAGE_BYTES)}`
    return [
      ...['nsenter', `--mount=/proc/${process.pid}/fd/${this.#namespace.fd}`],
      ...['unshare', '--mount', '--propagation', 'unchanged', '--ipc', '--pid', '--mount-proc'],
      // Its first process dies with it; signals are not passed on.
      ...['--fork', '--kill-child'],
      ...['sh', '-c', FIRST_PROCESS, 'sh', table, pages, folder.home, ...command],
    ]
  }

  async close(): Promise<void> {
    await this.#namespace.close()
  }

  /** Writes what is mounted for the build, as a table for `mount`, and makes the places for it. */
  async #prepare(folder: BuildFolder): Promise<string> {
    const { path, home, temporary, temporaryKept, uid = 0 } = folder
    const user = `build:x:${uid}:${uid}:Build:${home}:/bin/sh`
    const passwd = await withLine(folder, 'passwd', user)
    const group = await withLine(folder, 'group', `build:x:${uid}:`)
    const rows = [
      [passwd, '/etc/passwd', 'none', 'bind'],
      [group, '/etc/group', 'none', 'bind'],
      ['build', COVERED.memory, 'tmpfs', `nosuid,nodev,mode=1777,size=${this.#sharedMemoryBytes}`],
    ]
    const covers = [
      [temporaryKept, COVERED.temporaryKept],
      [temporary, COVERED.temporary],
    ] as const
    // A path that is covered is mounted in what covers it, before that is.
    for (const [by, covered] of covers) {
      for (const reached of this.#reachable.filter((each) => isBelow(each, covered))) {
        const place = join(by, relative(covered, reached))
        await makePlace(place, reached)
        rows.push([reached, place, 'none', 'rbind'])
      }
    }
    for (const [by, covered] of covers) rows.push([by, covered, 'none', 'rbind'])
    const table = join(path, 'fstab')
    const lines = rows.map((row) => `${row.map(escapeField).join(' ')} 0 0\n`)
    await writeFile(table, lines.join(''), { flag: 'wx', mode: 0o600 })
    return table
  }
}

async function mountShared(buildsDir: string): Promise<FileHandle> {
  const mounts = parseMounts(await readFile('/proc/self/mountinfo', 'utf8'))
  const root = mounts.find(({ path }) => path === '/')
  if (root === undefined) throw new Error('no file system is mounted at /')
  // The builds' folder has a mount on top by then, which a remount at its path would close.
  const shared = mounts.filter(
    (mount) => mount !== root && mount.path !== buildsDir && isToBeClosed(mount),
  )
  const child = spawn(
    'unshare',
    [
      ...['--mount', '--propagation', 'private', 'sh', '-c', SHARED_MOUNTS, 'sh', buildsDir],
      remountOptions(root),
      ...shared.flatMap((mount) => [remountOptions(mount), mount.path]),
    ],
    { stdio: 'pipe' },
  )
  const exited = once(child, 'exit')
  exited.catch(() => {}) // it is awaited below; until then a failure is not unhandled
  const complaint = text(child.stderr)
  const mounted = await Promise.race([once(child.stdout, 'data'), exited.then(() => undefined)])
  if (mounted === undefined) throw new Error((await complaint).trim().split('\n').at(-1))
  try {
    return await open(`/proc/${child.pid}/ns/mnt`)
  } finally {
    child.stdin.end()
    await exited
  }
}

function isToBeClosed({ type, options }: Mount): boolean {
  return !KERNELS_OWN.has(type) && !(options.includes('ro') && options.includes('nosuid'))
}

/** What is not named in a remount would be taken away. */
function remountOptions({ options }: Mount): string {
  const kept = ['nodev', 'noexec', 'noatime', 'nodiratime', 'relatime'].filter((option) =>
    options.includes(option),
  )
  return ['remount', 'bind', 'ro', 'nosuid', ...kept].join(',')
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder + sep)
}

function withoutNested(paths: string[]): string[] {
  const unique = [...new Set(paths)]
  return unique.filter((path) => !unique.some((other) => isBelow(path, other)))
}

/** Makes what `path` can be mounted on. */
async function makePlace(place: string, path: string): Promise<void> {
  if (statSync(path).isDirectory()) {
    await mkdir(place, { recursive: true })
  } else {
    await mkdir(join(place, '..'), { recursive: true })
    await writeFile(place, '')
  }
}

async function withLine({ path }: BuildFolder, name: string, line: string): Promise<string> {
  const copy = join(path, name)
  const own = await readFile(join('/etc', name), 'utf8')
  await writeFile(copy, `${own.trimEnd()}\n${line}\n`, { flag: 'wx', mode: 0o644 })
  return copy
}

/** A field of the table, in which spaces separate and a backslash begins an octal number. */
function escapeField(field: string): string {
  return field.replace(/[\s\\#]/g, (character) => {
    return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`
  })
}
