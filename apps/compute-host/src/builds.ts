import { join } from 'node:path'
import type { DiskWatch } from '@workers-builds/build-limits'
import type { BuildSpec, ComputeBuild } from '@workers-builds/contracts'
import type { BuildFolder } from './build-folder.ts'
import { makeBuildFolder } from './build-folder.ts'
import { BuildProcess } from './build-process.ts'
import { pickUid } from './build-uids.ts'
import type { CacheArchives } from './cache-archives.ts'
import type { HostLog } from './host-log.ts'
import type { Isolation } from './isolation.ts'
import type { Limiter } from './limits.ts'
import { removeFolder } from './remove-folder.ts'
import { SHARED_FOLDERS } from './shared-leftovers.ts'
import { WarmRunners } from './warm-runners.ts'

/** How many builds that are over are remembered; older ones become unknown. */
const MAX_REMEMBERED = 10_000

/** The builds of this host. */
export class Builds {
  readonly #isolation: Isolation
  readonly #limiter: Limiter
  readonly #diskWatch: DiskWatch
  readonly #cache: CacheArchives
  readonly #environmentOf: (folder: BuildFolder, node: string) => Record<string, string>
  readonly #log: HostLog
  readonly #killGraceMs: number
  readonly #niceness: number
  readonly #warm: WarmRunners
  readonly #running = new Map<string, Promise<BuildProcess>>()
  /** Users of runners that wait, run, or are being started. */
  readonly #uids = new Set<number>()
  readonly #over = new Set<string>()

  constructor(options: {
    isolation: Isolation
    limiter: Limiter
    diskWatch: DiskWatch
    cache: CacheArchives
    environmentOf: (folder: BuildFolder, node: string) => Record<string, string>
    log: HostLog
    /** How many runners are kept waiting for builds. */
    warmRunners: number
    /** How long a runner that is asked to end may take before it is killed. */
    killGraceMs: number
    niceness: number
  }) {
    this.#isolation = options.isolation
    this.#limiter = options.limiter
    this.#diskWatch = options.diskWatch
    this.#cache = options.cache
    this.#environmentOf = options.environmentOf
    this.#log = options.log
    this.#killGraceMs = options.killGraceMs
    this.#niceness = options.niceness
    this.#warm = new WarmRunners({
      count: options.warmRunners,
      startRunner: () => this.#startRunner(crypto.randomUUID()),
      log: options.log,
    })
  }

  get waitingRunners(): number {
    return this.#warm.waiting
  }

  state(build_uuid: string): ComputeBuild['state'] {
    if (this.#running.has(build_uuid)) return 'running'
    return this.#over.has(build_uuid) ? 'exited' : 'unknown'
  }

  /** Runs a build, once: asked again, it changes nothing. */
  async start(spec: BuildSpec): Promise<void> {
    if (this.state(spec.build_uuid) !== 'unknown') return
    const warm = this.#warm.take()
    const started = warm ? Promise.resolve(warm) : this.#startRunner(spec.build_uuid)
    this.#running.set(spec.build_uuid, started)
    try {
      const runner = await started
      await runner.begin(spec)
      void runner.gone.then(() => this.#forget(spec.build_uuid))
    } catch (error) {
      this.#running.delete(spec.build_uuid)
      throw error
    }
  }

  /**
   * Ends a build if it runs; one that does not is never begun, should the request for it come
   * late. Resolves when nothing of it is left.
   */
  async end(build_uuid: string): Promise<void> {
    const running = this.#running.get(build_uuid)
    if (running === undefined) return this.#remember(build_uuid)
    const build = await running
    await build.end()
  }

  async endAll(): Promise<void> {
    const builds = [...this.#running.keys()].map((build_uuid) => this.end(build_uuid))
    await Promise.all([this.#warm.end(), ...builds])
  }

  /** Starts a runner in the folder `name`, which is its build's where that is known. */
  async #startRunner(name: string): Promise<BuildProcess> {
    const { buildsDir, runnerCommand, separateUsers, noNewPrivileges, view } = this.#isolation
    const used = [buildsDir, ...(view ? [] : SHARED_FOLDERS)]
    const uid = separateUsers ? pickUid({ taken: this.#uids, used }) : undefined
    if (uid !== undefined) this.#uids.add(uid)
    try {
      const path = join(buildsDir, name)
      await removeFolder(path) // of a start that went wrong halfway
      const folder = await makeBuildFolder(path, uid)
      const user = uid === undefined ? [] : [`--user=${uid}`]
      const limits = await this.#limiter.prepare(folder)
      const command = [
        ...runnerCommand,
        `--cache=${folder.cache}`,
        `--limits=${limits.file}`,
        ...user,
      ]
      const runner = new BuildProcess({
        folder,
        uid,
        cache: this.#cache,
        killGraceMs: this.#killGraceMs,
        niceness: this.#niceness,
        command: limits.wrap([
          ...noNewPrivileges,
          ...(view ? await view.command(command, folder) : command),
        ]),
        limits,
        diskWatch: this.#diskWatch,
        hasView: view !== undefined,
        environment: this.#environmentOf(folder, runnerCommand[0] ?? ''),
        log: this.#log,
      })
      if (uid !== undefined) void runner.gone.then(() => this.#uids.delete(uid))
      return runner
    } catch (error) {
      if (uid !== undefined) this.#uids.delete(uid)
      throw error
    }
  }

  #forget(build_uuid: string): void {
    this.#running.delete(build_uuid)
    this.#remember(build_uuid)
  }

  #remember(build_uuid: string): void {
    this.#over.add(build_uuid)
    const [oldest] = this.#over
    if (this.#over.size > MAX_REMEMBERED && oldest) this.#over.delete(oldest)
  }
}
