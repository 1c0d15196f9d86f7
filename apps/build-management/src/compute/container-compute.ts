import type { BuildSpec, ComputeBuild, Patience } from '@workers-builds/contracts'
import { reportError } from '@workers-builds/observability'
import type { BuildCompute, Machine, MachineWishes } from './build-compute.ts'
import { type BuildInstances, chooseMachine, newestFirst } from './choose-machine.ts'

type ContainerPatience = Pick<
  Patience,
  'containerStartMs' | 'computeStopMs' | 'containerInactivityMs'
>

/** How a container ended by itself: its exit code, null where nobody knows it. */
export type ContainerExit = { exit_code: number | null; message: string }

/** Whether a container had its build, and how it ended if that was before it was known. */
type Watch = { hasBuild: boolean; exit?: ContainerExit }

/** Why a container is destroyed: what ends the wait for its own end. */
const BUILD_OVER = 'the build is over'

/**
 * Writes the build into the pipe that the image's runner reads, which waits until the runner is
 * there. The runner removes the pipe once it has its build, so a second one never reaches it.
 */
const GIVE_BUILD = 'test -p "$1" || exit 3; exec cat >"$1"'
const SPEC_PIPE = '/run/build-runner/spec'
const HAS_BUILD = 3

/**
 * Builds in the container of a Durable Object, one build an object: what the platform asks of
 * whoever holds one is here. Work inside a container is no activity to the platform, so its time
 * without any is set whenever this object is made anew under a running container; the alarm that
 * checks the build's health is the activity. Nobody is woken when a container stops, so `onExit`
 * is only a hint: the next check sees it too.
 */
export class ContainerCompute implements BuildCompute {
  readonly #container: Container
  readonly #instances: BuildInstances
  readonly #patience: ContainerPatience
  readonly #onExit: (exit: ContainerExit) => void
  /** Rejects when the container ends, or never started; undefined while none is watched. */
  #ended: Promise<never> | undefined
  /** Ends the wait for a start. */
  #abandon: (() => void) | undefined

  constructor(options: {
    container: Container
    instances: BuildInstances
    patience: ContainerPatience
    /** Called when a container that had its build ends by itself. */
    onExit: (exit: ContainerExit) => void
  }) {
    this.#container = options.container
    this.#instances = options.instances
    this.#patience = options.patience
    this.#onExit = options.onExit
    if (this.#container.running) this.#keep({ hasBuild: true })
  }

  get images(): string[] {
    return newestFirst(Object.keys(this.#container.images))
  }

  chooseMachine(wishes: MachineWishes) {
    return chooseMachine(wishes, { images: this.images, instances: this.#instances })
  }

  async createBuild({ spec, machine }: { spec: BuildSpec; machine: Machine }): Promise<void> {
    const watch: Watch = { hasBuild: false }
    if (!this.#container.running) {
      const { images } = this.#container
      const { image, instance_type } = machine
      this.#container.start({
        image: images[image ?? ''] ?? '',
        instance: instance_type as BuildInstances['free'],
        enableInternet: true,
        labels: { build_uuid: spec.build_uuid },
      })
      this.#keep(watch)
    }
    const ended = this.#ended
    const given = this.#giveBuild(spec).catch((error: unknown) => {
      // Of a container that is not there, its end says why.
      if (this.#container.running || ended === undefined) throw error
      return ended
    })
    const abandoned = Promise.withResolvers<never>()
    this.#abandon = () => abandoned.reject(new Error(BUILD_OVER))
    const { containerStartMs } = this.#patience
    const failures = [abandoned.promise, ...(ended === undefined ? [] : [ended])]
    await within(containerStartMs, 'the container to start', [given, ...failures])
    watch.hasBuild = true
    // It may have taken its build and ended before this went on.
    if (watch.exit !== undefined) this.#onExit(watch.exit)
  }

  abandonCreate(): void {
    this.#abandon?.()
  }

  async stopBuild(): Promise<void> {
    if (!this.#container.running) return
    const destroyed = this.#container.destroy(BUILD_OVER)
    await within(this.#patience.computeStopMs, 'the container to end', [destroyed])
  }

  async getBuildState(): Promise<ComputeBuild['state']> {
    return this.#container.running ? 'running' : 'exited'
  }

  async #giveBuild(spec: BuildSpec): Promise<void> {
    const argv = ['sh', '-c', GIVE_BUILD, 'sh', SPEC_PIPE]
    const process = await this.#container.exec(argv, {
      stdin: 'pipe',
      stdout: 'ignore',
      stderr: 'ignore',
    })
    const writer = process.stdin?.getWriter()
    // It breaks when the container ends first, or has its build: the exit code says which.
    await writer?.write(new TextEncoder().encode(`${JSON.stringify(spec)}\n`)).catch(() => {})
    await writer?.close().catch(() => {})
    const exit_code = await process.exitCode
    if (exit_code !== 0 && exit_code !== HAS_BUILD) {
      throw new Error(`the container did not take its build: exit code ${exit_code}`)
    }
  }

  /** Keeps a container that runs, and watches it. */
  #keep(watch: Watch): void {
    const kept = this.#container.setInactivityTimeout(this.#patience.containerInactivityMs)
    kept.catch((error: unknown) => {
      // One that did not start, or has ended, needs none.
      if (this.#container.running) reportError(error, 'a container could not be kept')
    })
    const ended = this.#container.monitor().then(
      () => ({ exit_code: 0, message: 'exit code 0' }),
      (error: unknown) => error,
    )
    this.#ended = ended.then((end) => {
      this.#ended = undefined
      if (end === BUILD_OVER) throw new Error(BUILD_OVER)
      const exit = describeExit(end)
      if (watch.hasBuild) this.#onExit(exit)
      else watch.exit = exit
      throw new Error(exit.message)
    })
    // Whoever waits for a start hears of it; later the health check does.
    this.#ended.catch(() => {})
  }
}

function describeExit(end: unknown): ContainerExit {
  const {
    exitCode,
    exit_code = exitCode,
    message = String(end),
  } = end as {
    exitCode?: number
    exit_code?: number
    message?: string
  }
  return { exit_code: exit_code ?? null, message }
}

/** What the first of `promises` to settle resolves with; throws its error, or when `ms` have passed. */
async function within<Result>(
  ms: number,
  what: string,
  promises: Promise<Result>[],
): Promise<Result> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`waited ${ms} ms for ${what}`)), ms)
  for (const promise of promises) promise.catch(() => {}) // it may fail after the wait has ended
  try {
    return await Promise.race([...promises, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
