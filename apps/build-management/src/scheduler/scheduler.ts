import { DurableObject } from 'cloudflare:workers'
import { readPatience } from '@workers-builds/contracts'
import { logger, withLogTags } from '@workers-builds/logging'
import { reportError, within } from '@workers-builds/observability'
import { type BuildToStart, type KeptLog, openStore, type Store } from '@workers-builds/store'
import PQueue from 'p-queue'
import { z } from 'zod'
import { backOffMs } from '../back-off.ts'
import { computeHost } from '../compute/compute-host.ts'
import { readCompute } from '../compute/open-compute.ts'
import { logTags } from '../log-tags.ts'
import { singleFlight } from '../single-flight.ts'
import { getBuildBuddy } from '../stubs.ts'
import { typedKv } from '../typed-kv.ts'
import { endOverdueBuilds } from './end-overdue-builds.ts'
import { eraseDeleted, removeExpiredLogs } from './erase.ts'
import { Housekeeping } from './housekeeping.ts'
import { queueUnscannedBuilds } from './queue-unscanned-builds.ts'
import { recountErrors } from './recount-errors.ts'
import { wakeDispatchers } from './wake-dispatchers.ts'
import { wakeReporters } from './wake-reporters.ts'

const CONCURRENT_STARTS = 6
/** How many records of webhooks one pass deletes: some milliseconds. */
const MOST_PRUNED = 500
/** How exactly it is known when the last pass was: not every pass makes a write. */
const PASSED_STEPS = 6

/** Times are in ms since the epoch. */
export type SchedulerStatus = {
  /** When a pass last succeeded in all its parts, to some seconds; null for never. */
  passed_on: number | null
  /** Since when the next one is awaited, where the latest is not as recent as it should be. */
  awaited_since: number | null
  /** Whether the last pass failed, or a part of it. */
  isFailing: boolean
}

/**
 * Finds builds that are ready and starts them. There is one instance.
 *
 * Its alarm fires every second, for whatever is due, one chore after the other; `wake()` has builds
 * started at once. Claiming is single-flight: whoever asks while a claim is under way has it followed
 * by another. While Postgres is away the alarm backs off, and the outage is reported once.
 */
export class Scheduler extends DurableObject<Env> {
  readonly #patience = readPatience(this.env)
  /** Kept open: a connection of its own would make every build wait for it. */
  #openedStore: Store | undefined
  readonly #starts = new PQueue({ concurrency: CONCURRENT_STARTS })
  readonly #claimBuilds = singleFlight(async () => {
    const claimed = await this.#store.builds.claim()
    if (claimed.length === 0) return
    const builds = await this.#prepareStart(claimed)
    for (const build_id of claimed) {
      const build = builds.find((found) => found.build_id === build_id)
      void this.#starts.add(() => this.#startBuild({ build_id, build }))
    }
  })
  readonly #housekeeping = new Housekeeping(this.#patience)
  /** How many passes in a row could not even start builds. */
  #failures = 0
  /** Where erasing goes on; lost with the instance, it begins again at the first build. */
  #erasedThrough = 0
  /** The same for logs that were kept long enough. */
  #expiredThrough: KeptLog | null = null
  #nextRetention = 0
  /** Stored, so that a restart shows neither a pass that was not nor an outage. */
  readonly #kv = typedKv(this.ctx.storage.kv, { passed_on: z.int(), awaited_since: z.int() })

  /** Starts the builds that are ready, now; nobody waits for it. */
  async wake(): Promise<void> {
    // It sees to all that goes wrong here.
    await this.#armAlarm()
    const started = withLogTags(logTags(this.env, 'Scheduler'), () => this.#startReadyBuilds())
    this.ctx.waitUntil(started.catch(() => this.ctx.storage.setAlarm(Date.now())))
  }

  /** How its passes go. Asking arms the alarm where there is none. */
  async getStatus(): Promise<SchedulerStatus> {
    await this.#armAlarm()
    return {
      passed_on: this.#kv.get('passed_on'),
      awaited_since: this.#kv.get('awaited_since'),
      isFailing: this.#failures > 0 || this.#housekeeping.isFailing,
    }
  }

  override async alarm(): Promise<void> {
    await withLogTags(logTags(this.env, 'Scheduler'), async () => {
      // First, so that nothing that goes wrong below ends the ticking.
      await this.ctx.storage.setAlarm(Date.now() + this.#patience.schedulerTickMs)
      this.#recordAwaited(Date.now())
      try {
        await this.#runPass()
        if (!this.#housekeeping.isFailing) this.#recordPass(Date.now())
        if (this.#failures > 0)
          logger.info(`scheduling again after ${this.#failures} failed passes`)
        this.#failures = 0
      } catch (error) {
        this.#failures++
        if (this.#failures === 1)
          reportError(error, 'scheduling failed; backing off until it works')
        await this.ctx.storage.setAlarm(Date.now() + backOffMs(this.#failures, this.#patience))
      }
    })
  }

  get #store(): Store {
    this.#openedStore ??= openStore(this.env.HYPERDRIVE.connectionString, { max: 2 })
    return this.#openedStore
  }

  /** Does all that is due. */
  async #runPass(): Promise<void> {
    const store = this.#store
    await this.#startReadyBuilds()
    const chores = {
      'skipping builds of deleted Workers': () => store.builds.skipBuildsOfDeletedWorkers(),
      'ending overdue builds': () =>
        endOverdueBuilds({
          store,
          endOverdue: (build) =>
            within(
              this.#patience.buddyAnswerMs,
              getBuildBuddy(this.env, build.build_id).endOverdue(build),
            ),
        }),
      'queueing builds that were not scanned': () =>
        queueUnscannedBuilds({ store, queue: this.env.BUILD_ERRORS_QUEUE }),
      'waking dispatchers of events': () => wakeDispatchers({ store, env: this.env }),
      'waking reporters of builds': () => wakeReporters({ store, env: this.env }),
      'erasing what was deleted': () => this.#erase(store),
      'removing what was kept long enough': () => this.#removeExpired(store),
      'counting errors': () => recountErrors(store),
    }
    await this.#housekeeping.run({ chores, ping: () => store.ping(), now: Date.now() })
  }

  /** Sets the alarm where there is none, or one that is long due and so was lost. */
  async #armAlarm(): Promise<void> {
    const tick_ms = this.#patience.schedulerTickMs
    const alarm = await this.ctx.storage.getAlarm()
    if (alarm !== null && alarm >= Date.now() - tick_ms) return
    this.#recordAwaited(Date.now())
    await this.ctx.storage.setAlarm(Date.now() + tick_ms)
  }

  /** The first pass after a start is awaited from now on; one among others is not. */
  #recordAwaited(now: number): void {
    if (this.#kv.get('awaited_since') !== null) return
    const isRecent = now - (this.#kv.get('passed_on') ?? 0) <= this.#patience.latestPassMs
    if (!isRecent) this.#kv.put('awaited_since', now)
  }

  #recordPass(now: number): void {
    if (this.#kv.get('awaited_since') !== null) this.#kv.delete('awaited_since')
    const step_ms = this.#patience.latestPassMs / PASSED_STEPS
    if (now - (this.#kv.get('passed_on') ?? 0) >= step_ms) this.#kv.put('passed_on', now)
  }

  async #erase(store: Store): Promise<void> {
    const { after } = await eraseDeleted({
      store,
      eraseBuild: this.#eraseBuild,
      deleteCaches: this.#deleteCaches,
      after: this.#erasedThrough,
    })
    this.#erasedThrough = after
  }

  async #removeExpired(store: Store): Promise<void> {
    if (Date.now() < this.#nextRetention) return
    const eraseBuild = this.#eraseBuild
    const { after } = await removeExpiredLogs({ store, eraseBuild, after: this.#expiredThrough })
    this.#expiredThrough = after
    const pruned = await store.webhookDeliveries.prune({ limit: MOST_PRUNED })
    const more = after !== null || pruned === MOST_PRUNED
    if (!more) this.#nextRetention = Date.now() + this.#patience.retentionMs
  }

  readonly #eraseBuild = async (build_id: number) =>
    (await getBuildBuddy(this.env, build_id).erase()).erased

  readonly #deleteCaches = async (keys: string[]) => {
    // Containers keep no cache.
    if (readCompute(this.env).kind !== 'host') return
    await computeHost(this.env, this.#patience).deleteCaches(keys)
  }

  /** Claims the builds that are ready, and hands them to their BuildBuddies. */
  async #startReadyBuilds(): Promise<void> {
    await this.#claimBuilds()
    await this.#starts.onIdle()
  }

  /** None when they cannot be read: one bad row must not hold back the builds of others. */
  async #prepareStart(build_ids: number[]): Promise<BuildToStart[]> {
    return await this.#store.builds.prepareStart(build_ids).catch((error: unknown) => {
      reportError(error, 'claimed builds cannot be read; each is left to its BuildBuddy')
      return []
    })
  }

  /** One that cannot be reached holds back no other: its claim runs out, and it is handed out again. */
  async #startBuild(start: { build_id: number; build: BuildToStart | undefined }): Promise<void> {
    const { build_id } = start
    try {
      await within(
        this.#patience.buddyAnswerMs,
        getBuildBuddy(this.env, build_id).startBuild(start),
      )
    } catch (error) {
      reportError(error, 'a build could not be started; it stays claimed', { build_id })
    }
  }
}
