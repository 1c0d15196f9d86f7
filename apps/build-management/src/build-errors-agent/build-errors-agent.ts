import { DurableObject } from 'cloudflare:workers'
import {
  type Backfill,
  type BackfillConfig,
  type BackfillProgress,
  type BackfillRunStatus,
  type BuildId,
  buildErrorsMessage,
} from '@workers-builds/contracts'
import { errorFields, logger, withLogTags } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import { openStore, type Store } from '@workers-builds/store'
import { match, P } from 'ts-pattern'
import { logTags } from '../log-tags.ts'
import { agentStorage } from './agent-state.ts'
import { BUILDS_PER_SELECT, QUEUE_BATCH_SIZE, roomToSend, standstillAfter, WINDOW } from './pace.ts'

const TICK_MS = 1_000
/** How long one alarm may go on sending. */
const ALARM_BUDGET_MS = 10_000

type Run = { backfill_id: number; started_on: Date; config: BackfillConfig }

/**
 * Sends builds of the past to BuildErrorsQueue, to be scanned again. There is one instance, and it
 * does one run at a time:
 *
 *     not started ──start()──▶ running ──all scanned──▶ completed
 *                                 └──────stop()───────▶ stopped
 *
 * Its alarm sends what the window has room for and comes back a second later. What was sent is
 * remembered after each batch, so that a run that is interrupted anywhere goes on where it was; a
 * build may be sent twice, and is scanned once more then, but none is skipped. A run is over when
 * every build of it has a scan.
 */
export class BuildErrorsAgent extends DurableObject<Env> {
  readonly #storage = agentStorage(this.ctx.storage)
  /** What an alarm is doing: one that fires meanwhile joins it, so that nothing is sent twice. */
  #advancing: Promise<void> | undefined

  /** Begins a run; answers the one that is under way instead when there is one. */
  async start(
    config: BackfillConfig,
  ): Promise<{ started: Backfill; running: null } | { started: null; running: Backfill }> {
    return await this.#withStore(async (store) => {
      const running = await store.backfills.selectRunning()
      if (running !== undefined) {
        // Had we died between the row and our own storage, this takes the run up.
        await this.#take(running)
        return { started: null, running }
      }
      const started = await store.backfills.insert(config)
      await this.#take(started)
      return { started, running: null }
    })
  }

  /** Ends the run that is under way; what was sent is still scanned. */
  async stop(): Promise<Backfill | null> {
    return await this.#withStore(async (store) => {
      const running = await store.backfills.selectRunning()
      if (running === undefined) return null
      await this.#take(running)
      await this.#end(store, 'stopped')
      const [ended] = await store.backfills.selectAll({ limit: 1 })
      return ended ?? null
    })
  }

  /** How far the run that is under way is. */
  async getProgress(): Promise<{ backfill_id: number; progress: BackfillProgress } | null> {
    const state = this.#storage.state()
    const { backfill_id, started_on, stopped_on, config } = state
    if (backfill_id === null || started_on === null || config === null || stopped_on) return null
    const run = { backfill_id, started_on, config }
    const { remaining, failed, underWay } = await this.#withStore(async (store) => ({
      ...(await store.backfills.count(this.#builds(run))),
      underWay: await this.#underWay(store, run),
    }))
    const builds_scanned = (state.total_builds_processed ?? 0) - underWay.length
    const seconds = Math.max(1, (Date.now() - started_on.getTime()) / 1_000)
    const rate = builds_scanned / seconds
    const progress = {
      latest_build_id: state.latest_build_id,
      builds_scanned,
      builds_failed: failed,
      builds_remaining: remaining,
      builds_per_second: Math.round(rate * 10) / 10,
      estimated_end:
        rate > 0 ? new Date(Date.now() + (remaining / rate) * 1_000).toISOString() : null,
    }
    return { backfill_id, progress }
  }

  override async alarm(): Promise<void> {
    await withLogTags(logTags(this.env, 'BuildErrorsAgent'), async () => {
      // First, so that nothing that goes wrong below ends the run.
      await this.ctx.storage.setAlarm(Date.now() + TICK_MS)
      await match(this.#storage.state())
        .with({ started_on: null }, async () => {
          await this.ctx.storage.deleteAlarm()
        })
        .with({ stopped_on: P.nonNullable }, async () => {
          await this.ctx.storage.deleteAlarm()
        })
        .with(
          { started_on: P.nonNullable, backfill_id: P.nonNullable, config: P.nonNullable },
          async (run) => {
            try {
              this.#advancing ??= this.#withStore((store) => this.#advance(store, run))
              await this.#advancing
            } catch (error) {
              logger.withFields(errorFields(error)).warn('the backfill is held up; trying again')
            } finally {
              this.#advancing = undefined
            }
          },
        )
        .otherwise(async () => {
          reportError(
            new Error('no config'),
            'the backfill began without knowing what to scan, and is over',
          )
          this.#storage.put('stopped_on', new Date())
          await this.ctx.storage.deleteAlarm()
        })
    })
  }

  /** Sends as much as there is room for, again and again while the alarm's time lasts. */
  async #advance(store: Store, run: Run): Promise<void> {
    const until = Date.now() + ALARM_BUDGET_MS
    while (Date.now() < until) {
      const underWay = await this.#underWay(store, run)
      const { backlogCount: backlog } = await this.env.BUILD_ERRORS_QUEUE.metrics()
      const limit = roomToSend({
        under_way: underWay.length,
        backlog,
        builds_per_second: run.config.builds_per_second,
        elapsed_ms: Date.now() - run.started_on.getTime(),
        sent: this.#storage.get('total_builds_processed') ?? 0,
      })
      const after = this.#storage.get('latest_build_id') ?? run.config.min_build_id - 1
      const next =
        limit > 0 ? await store.backfills.selectNext(this.#builds(run), { after, limit }) : []
      await this.#send(next)
      await this.#report(store, 'running')
      const isLast = limit > 0 && next.length === 0
      if (isLast && underWay.length === 0) return await this.#end(store, 'completed')

      const standstill = standstillAfter(this.#storage.get('standstill'), {
        under_way: underWay.length + next.length,
        sent: next.length > 0,
        now: Date.now(),
      })
      this.#storage.put('standstill', standstill)
      if (standstill.lost) {
        logger.warn(`sending ${underWay.length} builds again that were not scanned`)
        await this.#send(underWay)
      }
      if (next.length === 0) return
    }
  }

  /** Sends builds to the queue, and remembers after each batch which. */
  async #send(build_ids: BuildId[]): Promise<void> {
    for (let at = 0; at < build_ids.length; at += QUEUE_BATCH_SIZE) {
      const batch = build_ids.slice(at, at + QUEUE_BATCH_SIZE)
      await this.env.BUILD_ERRORS_QUEUE.sendBatch(batch.map(buildErrorsMessage))
      this.#storage.sent(batch)
    }
  }

  /** The builds that were sent and have no scan of this run yet. */
  async #underWay(store: Store, run: Run): Promise<BuildId[]> {
    const through = this.#storage.get('latest_build_id')
    if (through === null) return []
    const after = this.#storage.get('scanned_through') ?? 0
    const range = { after, through, limit: WINDOW + BUILDS_PER_SELECT }
    const build_ids = await store.backfills.selectUnderWay(this.#builds(run), range)
    this.#storage.put('scanned_through', build_ids[0] === undefined ? through : build_ids[0] - 1)
    return build_ids
  }

  #builds({ config, started_on }: Run) {
    return { ...config, started_on }
  }

  /** Makes a run ours, unless it is already. */
  async #take({ backfill_id, started_on, ...row }: Backfill): Promise<void> {
    if (this.#storage.get('backfill_id') !== backfill_id) {
      const { min_build_id, max_build_id, older_than_detector_version } = row
      const { error_codes, account_ids, builds_per_second } = row
      this.#storage.begin({
        backfill_id,
        started_on: new Date(started_on),
        config: {
          ...{ min_build_id, max_build_id, older_than_detector_version },
          ...{ error_codes, account_ids, builds_per_second },
        },
      })
    }
    await this.ctx.storage.setAlarm(Date.now())
  }

  async #end(store: Store, status: BackfillRunStatus): Promise<void> {
    await this.#report(store, status)
    this.#storage.put('stopped_on', new Date())
    await this.ctx.storage.deleteAlarm()
    logger.info(`the backfill is ${status}`)
  }

  async #report(store: Store, status: BackfillRunStatus): Promise<void> {
    const backfill_id = this.#storage.get('backfill_id')
    if (backfill_id === null) return
    const builds_queued = this.#storage.get('total_builds_processed') ?? 0
    await store.backfills.update({ backfill_id, status, builds_queued })
  }

  /** A connection of its own for each alarm and call, so that the object can hibernate. */
  async #withStore<Result>(work: (store: Store) => Promise<Result>): Promise<Result> {
    const store = openStore(this.env.HYPERDRIVE.connectionString, { max: 1 })
    try {
      return await work(store)
    } finally {
      await store.end()
    }
  }
}
