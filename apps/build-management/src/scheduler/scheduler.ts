import { DurableObject } from 'cloudflare:workers'
import { logger, withLogTags } from '@workers-builds/logging'
import { reportError, within } from '@workers-builds/observability'
import { type BuildToStart, openStore, type Store } from '@workers-builds/store'
import PQueue from 'p-queue'
import { z } from 'zod'
import { wakeReporters } from '../build-reporter/wake-reporters.ts'
import { wakeDispatchers } from '../event-dispatcher/wake-dispatchers.ts'
import { logTags } from '../log-tags.ts'
import { singleFlight } from '../single-flight.ts'
import { getBuildBuddy } from '../stubs.ts'
import { typedKv } from '../typed-kv.ts'
import { eraseDeleted, removeExpiredLogs } from './erase.ts'
import { foldErrorCounts } from './fold-error-counts.ts'
import { reap } from './reap.ts'
import { sweep } from './sweep.ts'

const TICK_MS = 1_000
const LONGEST_BACK_OFF_MS = 30_000
const CONCURRENT_STARTS = 6
/** How often logs, and webhooks, are looked for that were kept long enough. */
const RETENTION_MS = 60_000
/** So many records of webhooks are forgotten in one pass: some milliseconds. */
const MOST_FORGOTTEN = 500
/** When to try again after errors could not be counted. */
const FOLD_RETRY_MS = 60_000
/** How exactly it is known when the last pass was: not every pass makes a write. */
const PASSED_STEP_MS = 10_000
/** A BuildBuddy that takes longer to answer holds up the builds of others. */
const ANSWER_MS = 5_000

/**
 * Finds builds that are ready and starts them. There is one instance.
 *
 * Its alarm fires every second, for whatever is due; `wake()` has builds started at once. Claiming
 * is single-flight: whoever asks while a claim is under way has it followed by another. While
 * Postgres is away the alarm backs off, and the outage is reported once.
 */
export class Scheduler extends DurableObject<Env> {
  /** Kept open: a connection of its own would make every build wait for it. */
  #openedStore: Store | undefined
  readonly #starts = new PQueue({ concurrency: CONCURRENT_STARTS })
  readonly #claim = singleFlight(async () => {
    const claimed = await this.#store.schedule.claim()
    if (claimed.length === 0) return
    const builds = await this.#selectToStart(claimed)
    for (const build_id of claimed) {
      const build = builds.find((found) => found.build_id === build_id)
      void this.#starts.add(() => this.#startBuild({ build_id, build }))
    }
  })
  /** Passes that failed in a row. */
  #failures = 0
  /** Where erasing goes on; lost with the instance, it begins again at the first build. */
  #erasedThrough = 0
  #nextRetention = 0
  #nextFold = 0
  /** Stored, so that a restart tells neither of a pass that was not nor of an outage. */
  readonly #kv = typedKv(this.ctx.storage.kv, { passed_on: z.int() })

  /** Starts the builds that are ready, now; nobody waits for it. */
  async wake(): Promise<void> {
    const alarm = await this.ctx.storage.getAlarm()
    // It sees to all that goes wrong here. One that is long due was lost.
    if (alarm === null || alarm < Date.now() - TICK_MS) {
      await this.ctx.storage.setAlarm(Date.now() + TICK_MS)
    }
    const started = withLogTags(logTags(this.env, 'Scheduler'), () => this.startReady())
    this.ctx.waitUntil(started.catch(() => this.ctx.storage.setAlarm(Date.now())))
  }

  /** When a pass was last completed, to some seconds: ms since the epoch; null for never. */
  async getPassedOn(): Promise<number | null> {
    return this.#kv.get('passed_on') ?? null
  }

  override async alarm(): Promise<void> {
    await withLogTags(logTags(this.env, 'Scheduler'), async () => {
      // First, so that nothing that goes wrong below ends the ticking.
      await this.ctx.storage.setAlarm(Date.now() + TICK_MS)
      try {
        await this.pass()
        this.#notePass(Date.now())
        if (this.#failures > 0)
          logger.info(`scheduling again after ${this.#failures} failed passes`)
        this.#failures = 0
      } catch (error) {
        this.#failures++
        if (this.#failures === 1)
          reportError(error, 'scheduling failed; backing off until it works')
        await this.ctx.storage.setAlarm(Date.now() + backOffMs(this.#failures))
      }
    })
  }

  get #store(): Store {
    this.#openedStore ??= openStore(this.env.HYPERDRIVE.connectionString, { max: 2 })
    return this.#openedStore
  }

  /** All that is due: start builds, then skip, reap, sweep, erase and count. */
  async pass(): Promise<void> {
    const store = this.#store
    await this.startReady()
    await store.schedule.skipBuildsOfDeletedWorkers()
    await reap({
      store,
      endOverdue: (build) =>
        within(ANSWER_MS, getBuildBuddy(this.env, build.build_id).endOverdue(build)),
    })
    await sweep({ store, queue: this.env.BUILD_ERRORS_QUEUE })
    await wakeDispatchers({ store, env: this.env })
    await wakeReporters({ store, env: this.env })
    await this.#erase(store)
    await this.#foldErrorCounts(store)
  }

  #notePass(now: number): void {
    if (now - (this.#kv.get('passed_on') ?? 0) >= PASSED_STEP_MS) this.#kv.put('passed_on', now)
  }

  /** Lists are right without it, only slower: what goes wrong here must not hold up builds. */
  async #foldErrorCounts(store: Store): Promise<void> {
    if (Date.now() < this.#nextFold) return
    try {
      await foldErrorCounts(store)
    } catch (error) {
      this.#nextFold = Date.now() + FOLD_RETRY_MS
      reportError(error, 'errors could not be counted; lists across accounts may be slow')
    }
  }

  async #erase(store: Store): Promise<void> {
    const eraseBuild = async (build_id: number) =>
      (await getBuildBuddy(this.env, build_id).erase()).erased
    const { after } = await eraseDeleted({ store, eraseBuild, after: this.#erasedThrough })
    this.#erasedThrough = after
    if (Date.now() < this.#nextRetention) return
    const { more } = await removeExpiredLogs({ store, eraseBuild })
    const forgotten = await store.webhookDeliveries.prune({ limit: MOST_FORGOTTEN })
    if (!more && forgotten < MOST_FORGOTTEN) this.#nextRetention = Date.now() + RETENTION_MS
  }

  /** Claims the builds that are ready, and hands them to their BuildBuddies. */
  async startReady(): Promise<void> {
    await this.#claim()
    await this.#starts.onIdle()
  }

  /** None when they cannot be read: one bad row must not hold back the builds of others. */
  async #selectToStart(build_ids: number[]): Promise<BuildToStart[]> {
    return await this.#store.schedule.selectToStart(build_ids).catch((error: unknown) => {
      reportError(error, 'claimed builds cannot be read; each is left to its BuildBuddy')
      return []
    })
  }

  /** One that cannot be reached holds back no other: its claim runs out, and it is handed out again. */
  async #startBuild(start: { build_id: number; build: BuildToStart | undefined }): Promise<void> {
    const { build_id } = start
    try {
      await within(ANSWER_MS, getBuildBuddy(this.env, build_id).startBuild(start))
    } catch (error) {
      reportError(error, 'a build could not be started; it stays claimed', { build_id })
    }
  }
}

/** Doubles from one tick up to the longest back-off. */
export function backOffMs(failures: number): number {
  return Math.min(TICK_MS * 2 ** (failures - 1), LONGEST_BACK_OFF_MS)
}
