import { join } from 'node:path'
import type { BuildSpec, ComputeBuild } from '@workers-builds/contracts'
import type { BuildFolder } from './build-folder.ts'
import { makeBuildFolder } from './build-folder.ts'
import { namedCommand } from './build-name.ts'
import { BuildProcess } from './build-process.ts'
import { pickUid } from './build-user.ts'
import type { Isolation } from './isolation.ts'
import { removeFolder } from './remove-folder.ts'

/** So many builds that are over are remembered; then they become unknown. */
const MAX_REMEMBERED = 10_000

/** The builds of this host. */
export class Builds {
  readonly #isolation: Isolation
  readonly #environmentOf: (folder: BuildFolder, node: string) => Record<string, string>
  readonly #log: (line: string) => void
  readonly #running = new Map<string, { started: Promise<BuildProcess>; uid: number | undefined }>()
  readonly #over = new Set<string>()

  constructor(options: {
    isolation: Isolation
    environmentOf: (folder: BuildFolder, node: string) => Record<string, string>
    log: (line: string) => void
  }) {
    this.#isolation = options.isolation
    this.#environmentOf = options.environmentOf
    this.#log = options.log
  }

  state(build_uuid: string): ComputeBuild['state'] {
    if (this.#running.has(build_uuid)) return 'running'
    return this.#over.has(build_uuid) ? 'exited' : 'unknown'
  }

  /** Runs a build, once: asked again, it changes nothing. */
  async start(spec: BuildSpec): Promise<void> {
    if (this.state(spec.build_uuid) !== 'unknown') return
    const { separateUsers } = this.#isolation
    const taken = new Set([...this.#running.values()].flatMap(({ uid }) => uid ?? []))
    const uid = separateUsers ? pickUid(taken) : undefined
    const started = this.#startProcess(spec, uid)
    this.#running.set(spec.build_uuid, { started, uid })
    try {
      const { gone } = await started
      void gone.then(() => this.#forget(spec.build_uuid))
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
    const build = await running.started
    await build.end()
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((build_uuid) => this.end(build_uuid)))
  }

  async #startProcess(spec: BuildSpec, uid: number | undefined): Promise<BuildProcess> {
    const { buildsDir, runnerCommand, canName } = this.#isolation
    const path = join(buildsDir, spec.build_uuid)
    await removeFolder(path) // of a start that went wrong halfway
    const folder = await makeBuildFolder(path, uid)
    return new BuildProcess({
      spec,
      folder,
      uid,
      command:
        uid === undefined
          ? runnerCommand
          : await namedCommand([...runnerCommand, `--user=${uid}`], { uid, folder, canName }),
      environment: this.#environmentOf(folder, runnerCommand[0] ?? ''),
      log: (line) => this.#log(`build ${spec.build_uuid}: ${line}`),
    })
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
