import { setTimeout as delay } from 'node:timers/promises'
import type { BuildProcess } from './build-process.ts'
import type { HostLog } from './host-log.ts'

/** Runners are made when no build has begun for this long: starting one takes CPU from builds. */
const QUIET_MS = 2_000
/** Between two that are made: each takes about as long to be ready. */
const PAUSE_MS = 100

/**
 * Runners that were started before there is a build for them, since most of the time that a build
 * takes to begin is Node's. Each serves one build, as one that is started for it would: until it is
 * given a build it has read nothing and run nothing of anybody's.
 */
export class WarmRunners {
  readonly #count: number
  readonly #startRunner: () => Promise<BuildProcess>
  readonly #log: HostLog
  readonly #waiting: BuildProcess[] = []
  /** When it will have been quiet for long enough, ms since the epoch. */
  #quietOn = 0
  #timer: NodeJS.Timeout | undefined
  #starting: Promise<void> | undefined
  #ended = false

  constructor(options: {
    /** How many are kept; with 0 every build waits for a runner of its own. */
    count: number
    startRunner: () => Promise<BuildProcess>
    log: HostLog
  }) {
    this.#count = options.count
    this.#startRunner = options.startRunner
    this.#log = options.log
    this.#fillSoon(0)
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** A runner that waits; undefined when there is none at the moment. */
  take(): BuildProcess | undefined {
    this.#quietOn = Date.now() + QUIET_MS
    this.#fillSoon(QUIET_MS)
    let runner = this.#waiting.shift()
    while (runner !== undefined && !runner.isWaiting) runner = this.#waiting.shift()
    return runner
  }

  /** Ends those that wait; no more are made. */
  async end(): Promise<void> {
    this.#ended = true
    clearTimeout(this.#timer)
    await this.#starting
    await Promise.all(this.#waiting.splice(0).map((runner) => runner.end()))
  }

  #fillSoon(afterMs: number): void {
    if (this.#count === 0 || this.#ended) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#starting ??= this.#fill().finally(() => {
        this.#starting = undefined
      })
    }, afterMs)
  }

  /** One after the other, so that they do not take all of the machine at once. */
  async #fill(): Promise<void> {
    try {
      while (!this.#ended && this.#waiting.length < this.#count) {
        const wait = this.#quietOn - Date.now()
        // A build has begun meanwhile.
        if (wait > 0) return this.#fillSoon(wait)
        this.#waiting.push(await this.#startRunner())
        await delay(PAUSE_MS)
      }
    } catch (error) {
      this.#log(`no runner can be kept waiting, builds start theirs themselves: ${error}`)
    }
  }
}
