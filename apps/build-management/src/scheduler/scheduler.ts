import { DurableObject } from 'cloudflare:workers'
import { logger, withLogTags } from '@workers-builds/logging'
import { reportError, within } from '@workers-builds/observability'
import { openStore, type Store } from '@workers-builds/store'
import PQueue from 'p-queue'
import { z } from 'zod'
import { wakeDispatchers } from '../event-dispatcher/wake-dispatchers.ts'
import { logTags } from '../log-tags.ts'
import { getBuildBuddy } from '../stubs.ts'
import { typedKv } from '../typed-kv.ts'
import { eraseDeleted, removeExpiredLogs } from './erase.ts'
import { foldErrorCounts } from './fold-error-counts.ts'
import { reap } from './reap.ts'
import { sweep } from './sweep.ts'

const TICK_MS = 1_000
const LONGEST_BACK_OFF_MS = 30_000
const CONCURRENT_STARTS = 6
/** How often logs are looked for that were kept long enough. */
const RETENTION_MS = 60_000
/** When to try again after errors could not be counted. */
const FOLD_RETRY_MS = 60_000
/** How exactly it is known when the last pass was: not every pass makes a write. */
const PASSED_STEP_MS = 10_000
/** A BuildBuddy that takes longer to answer holds up the builds of others. */
const ANSWER_MS = 5_000

/**
 * Finds builds that are ready and starts them. There is one instance.
 *
 * Its alarm fires every second, and at once after `wake()`. An alarm never overlaps another, so
 * passes are single-flight, and a wake during a pass only brings the next one forward. While
 * Postgres is away the alarm backs off, and the outage is reported once.
 */
export class Scheduler extends DurableObject<Env> {
  #store: Store | undefined
  /** Passes that failed in a row. */
  #failures = 0
  /** Where erasing goes on; lost with the instance, it begins again at the first build. */
  #erasedThrough = 0
  #nextRetention = 0
  #nextFold = 0
  /** Stored, so that a restart tells neither of a pass that was not nor of an outage. */
  readonly #kv = typedKv(this.ctx.storage.kv, { passed_on: z.int() })

  /** Looks for builds now. */
  async wake(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now())
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

  /** One look at the database: skip, claim and start builds, then reap, sweep, erase and count. */
  async pass(): Promise<void> {
    this.#store ??= openStore(this.env.HYPERDRIVE.connectionString, { max: 2 })
    const store = this.#store
    await store.schedule.skipBuildsOfDeletedWorkers()
    await this.startBuilds(await store.schedule.claim())
    await reap({
      store,
      endOverdue: (build) =>
        within(ANSWER_MS, getBuildBuddy(this.env, build.build_id).endOverdue(build)),
    })
    await sweep({ store, queue: this.env.BUILD_ERRORS_QUEUE })
    await wakeDispatchers({ store, env: this.env })
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
    if (!more) this.#nextRetention = Date.now() + RETENTION_MS
  }

  /**
   * Hands each build to its BuildBuddy. One that cannot be reached does not hold back the others:
   * its claim runs out and the build is handed out again.
   */
  async startBuilds(build_ids: number[]): Promise<void> {
    const queue = new PQueue({ concurrency: CONCURRENT_STARTS })
    await queue.addAll(
      build_ids.map((build_id) => async () => {
        try {
          await within(ANSWER_MS, getBuildBuddy(this.env, build_id).startBuild({ build_id }))
        } catch (error) {
          reportError(error, 'a build could not be started; it stays claimed', { build_id })
        }
      }),
    )
  }
}

/** Doubles from one tick up to the longest back-off. */
export function backOffMs(failures: number): number {
  return Math.min(TICK_MS * 2 ** (failures - 1), LONGEST_BACK_OFF_MS)
}
