import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { DiskWatch } from '@workers-builds/build-limits'
import { AccountId, type BuildSpec, EXIT_WITH_CACHE } from '@workers-builds/contracts'
import type { ProcessSelection } from '@workers-builds/process-tree'
import {
  anyOf,
  descendantsOf,
  killProcesses,
  listProcesses,
  ownedBy,
  startedWith,
  workingBelow,
} from '@workers-builds/process-tree'
import type { BuildFolder } from './build-folder.ts'
import type { CacheArchives } from './cache-archives.ts'
import type { HostLog, HostTags } from './host-log.ts'
import type { LimitedBuild } from './limits.ts'
import { removeFolder } from './remove-folder.ts'
import { removeShared } from './shared-leftovers.ts'

/** A runner that waits for its build, or runs it, with all that it started. */
export class BuildProcess {
  /** Resolves when nothing of it is left, neither a process nor a file. */
  readonly gone: Promise<void>
  /** The user that it runs the build as; ours when undefined. */
  readonly uid: number | undefined
  readonly #child: ChildProcess
  /** Whether the runner is below the first process of a namespace, which is below our child. */
  readonly #hasView: boolean
  readonly #folder: BuildFolder
  readonly #limits: LimitedBuild
  readonly #diskWatch: DiskWatch
  readonly #cache: CacheArchives
  readonly #killGraceMs: number
  readonly #tags: Pick<HostTags, 'build_uuid' | 'account_id'> = {}
  #build_uuid: string | undefined
  #cacheKey: string | undefined
  #endDiskWatch = () => {}

  constructor(options: {
    folder: BuildFolder
    command: string[]
    /** Whether the command runs the runner in a `BuildView`. */
    hasView: boolean
    environment: Record<string, string>
    /** The user that the command runs the build as; ours when undefined. */
    uid: number | undefined
    limits: LimitedBuild
    diskWatch: DiskWatch
    cache: CacheArchives
    /** How long a runner that is asked to end may take before it is killed. */
    killGraceMs: number
    niceness: number
    /** Takes what the runner itself prints, and what goes wrong with it. */
    log: HostLog
  }) {
    const { folder, command, environment, uid, cache, killGraceMs, niceness, log } = options
    const [program = '', ...args] = command
    this.#child = spawn(program, args, {
      cwd: folder.home,
      env: environment,
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    setNiceness(this.#child, niceness)
    this.uid = uid
    this.#hasView = options.hasView
    this.#folder = folder
    this.#limits = options.limits
    this.#diskWatch = options.diskWatch
    this.#cache = cache
    this.#killGraceMs = killGraceMs
    const logAs = (source: HostTags['source']) => (message: string) =>
      log(message, { source, ...this.#tags })
    if (this.#child.stderr) createInterface(this.#child.stderr).on('line', logAs('build-runner'))
    const logAsHost = logAs('compute-host')
    const exited = once(this.#child, 'exit').then(
      ([exitCode]) => exitCode,
      (error) => logAsHost(`a runner could not be started: ${error}`),
    )
    this.gone = this.#cleanUp(exited).catch((error) =>
      logAsHost(`what is left of a build could not be cleaned up: ${error}`),
    )
    // The pipe breaks when the runner dies first; its end is noticed anyway.
    this.#child.stdin?.on('error', () => {})
  }

  /** Whether the runner can be given a build. */
  get isWaiting(): boolean {
    return this.#isAlive && this.#build_uuid === undefined
  }

  get #isAlive(): boolean {
    const { pid, exitCode, signalCode } = this.#child
    return pid !== undefined && exitCode === null && signalCode === null
  }

  /** Gives the runner its build. The pipe stays open: its end shows the runner that we are gone. */
  async begin(spec: BuildSpec): Promise<void> {
    this.#build_uuid = spec.build_uuid
    Object.assign(this.#tags, tagsOf(spec))
    this.#cacheKey = spec.cache?.key
    if (spec.cache) await this.#cache.restore(spec.cache.key, this.#folder)
    if (!this.#isAlive) return
    const { home, temporary, temporaryKept, save } = this.#folder
    this.#endDiskWatch = this.#diskWatch.add({
      folders: [home, temporary, temporaryKept, save],
      onOver: () => this.#endCommands(),
    })
    this.#child.stdin?.write(`${JSON.stringify(spec)}\n`)
  }

  /** Ends the build. Resolves when nothing of it is left. */
  async end(): Promise<void> {
    const { first, runner } = this.#findProcesses()
    if (runner === undefined) signal(first, 'SIGKILL')
    else signal(runner, 'SIGTERM')
    const late = new AbortController()
    const kill = async () => {
      await delay(this.#killGraceMs, undefined, { signal: late.signal })
      signal(this.#findProcesses().first, 'SIGKILL')
    }
    kill().catch(() => {}) // it ended in time
    await this.gone
    late.abort()
  }

  /** The first process of the build, with which all of a namespace ends, and its runner. */
  #findProcesses(): { first: number | undefined; runner: number | undefined } {
    const { pid } = this.#child
    if (!this.#isAlive) return { first: undefined, runner: undefined }
    if (!this.#hasView) return { first: pid, runner: pid }
    const processes = listProcesses()
    const first = processes.find(({ ppid }) => ppid === pid)?.pid
    if (first === undefined) return { first: pid, runner: undefined }
    // It also is the parent of the build's orphans, which are another user's.
    const runner = processes.find(({ ppid, uid }) => ppid === first && uid !== this.uid)?.pid
    return { first, runner }
  }

  /** Ends what takes too much of the disk; the runner then says so in the log. */
  async #endCommands(): Promise<void> {
    const { runner } = this.#findProcesses()
    if (runner === undefined) return
    await this.#limits.recordDiskOver()
    await killProcesses(
      this.uid === undefined ? anyOf(descendantsOf(runner), ...this.#marked()) : ownedBy(this.uid),
    )
  }

  async #cleanUp(exited: Promise<unknown>): Promise<void> {
    const exitCode = await exited
    this.#endDiskWatch()
    const survivors = await killProcesses(this.#everyProcess())
    if (exitCode === EXIT_WITH_CACHE && this.#cacheKey !== undefined && survivors.length === 0) {
      await this.#cache.save(this.#cacheKey, this.#folder)
    }
    if (this.uid !== undefined && !this.#hasView && survivors.length === 0) {
      await removeShared(this.uid)
    }
    await this.#limits.remove()
    await removeFolder(this.#folder.path)
  }

  #everyProcess(): ProcessSelection {
    // A program that could not be started has no id, and no descendants.
    const descendants = this.#child.pid === undefined ? [] : [descendantsOf(this.#child.pid)]
    // With a user of its own there is no other process of the build, but for runners whose
    // parent was killed.
    if (this.uid !== undefined) {
      return anyOf(...descendants, ownedBy(this.uid), workingBelow(this.#folder.path))
    }
    return anyOf(...descendants, ...this.#marked(), workingBelow(this.#folder.path))
  }

  #marked(): ProcessSelection[] {
    if (this.#build_uuid === undefined) return []
    return [startedWith(`WORKERS_CI_BUILD_UUID=${this.#build_uuid}`)]
  }
}

/** A project may put anything in the place of its account's id. */
function tagsOf({ build_uuid, environment_variables }: BuildSpec) {
  const account_id = AccountId.safeParse(environment_variables['CLOUDFLARE_ACCOUNT_ID']?.value).data
  return { build_uuid, ...(account_id !== undefined && { account_id }) }
}

/** Signals a process that may have ended already, or never begun. */
function signal(pid: number | undefined, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (pid !== undefined) process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function setNiceness({ pid }: ChildProcess, niceness: number): void {
  try {
    if (pid !== undefined) setPriority(pid, niceness)
  } catch {
    // It has ended already.
  }
}
