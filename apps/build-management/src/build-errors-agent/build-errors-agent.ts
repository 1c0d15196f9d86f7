import { DurableObject } from 'cloudflare:workers'
import {
  type Backfill,
  type BackfillConfig,
  type BackfillProgress,
  readPatience,
} from '@workers-builds/contracts'
import { errorFields, logger, withLogTags } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import type { Store } from '@workers-builds/store'
import { match, P } from 'ts-pattern'
import { logTags } from '../log-tags.ts'
import { sharedRun } from '../single-flight.ts'
import { withStore } from '../with-store.ts'
import { agentStorage, type Run } from './agent-state.ts'
import { backfillSteps, type Next } from './backfill-steps.ts'
import { progressOf } from './progress.ts'

/** How long one alarm may go on. */
const ALARM_BUDGET_MS = 10_000

/** A run that has its row. */
const REGISTERED = {
  config: P.nonNullable,
  backfill_id: P.nonNullable,
  started_on: P.nonNullable,
} as const

/**
 * Sends builds of the past to BuildErrorsQueue, to be scanned again. There is one instance, and it
 * does one run at a time:
 *
 *     resting ─start()─▶ asked ─row─▶ sending ─no build left─▶ draining ─all scanned─▶ over
 *        ▲                               └────────────stop()──────┴────────────────────▶│
 *        └───────────────────────────────────────────────────────────the row says so────┘
 *
 * Its alarm takes one step after another while its time lasts, and comes back a second later. What
 * a step did is remembered before the next one, so that a run that is interrupted anywhere goes on
 * where it was; a build may be sent twice, and is scanned once more then, but none is skipped. Of
 * what was sent at most a window is not scanned yet, so that a build that fails now does not wait.
 */
export class BuildErrorsAgent extends DurableObject<Env> {
  readonly #patience = readPatience(this.env)
  readonly #storage = agentStorage(this.ctx.storage)
  /** An alarm that fires while another one works joins it, so that nothing is sent twice. */
  readonly #work = sharedRun(() => this.#takeSteps())
  readonly #registration = sharedRun((store: Store, config: BackfillConfig) =>
    this.#insertRow(store, config),
  )

  /** Begins a run; answers the one that is under way instead when there is one. */
  async start(
    config: BackfillConfig,
  ): Promise<{ started: Backfill; running: null } | { started: null; running: Backfill }> {
    return await withStore(this.env, async (store) => {
      if (this.#storage.get('outcome') !== null) await this.#conclude(store)
      const isFree = this.#storage.get('config') === null || this.#storage.get('concluded') === true
      if (isFree) this.#storage.ask(config)
      await this.ctx.storage.setAlarm(Date.now() + this.#patience.backfillTickMs)
      const started = await this.#register(store)
      await this.ctx.storage.setAlarm(Date.now())
      if (isFree && started !== undefined) return { started, running: null }
      return { started: null, running: await this.#ownRow(store) }
    })
  }

  /** Ends the run that is under way; what was sent is still scanned. */
  async stop(): Promise<Backfill | null> {
    return await withStore(this.env, async (store) => {
      const { config, concluded } = this.#storage.state()
      if (config === null || concluded !== null) return null
      await this.#register(store)
      // One that is over, and of which the row does not say so yet, has ended as it has.
      if (this.#storage.get('outcome') === null) this.#storage.end('stopped')
      await this.ctx.storage.setAlarm(Date.now() + this.#patience.backfillTickMs)
      await this.#work.settled()
      await this.#conclude(store)
      return await this.#ownRow(store)
    })
  }

  /** How far the run is whose row is not concluded yet. */
  async getProgress(): Promise<{ backfill_id: number; progress: BackfillProgress } | null> {
    return await match(this.#storage.state())
      .with({ ...REGISTERED, concluded: null }, async (run) => {
        const counts = await withStore(this.env, (store) => this.#steps(store, run).count())
        const progress = progressOf({ ...counts, started_on: run.started_on, now: Date.now() })
        return { backfill_id: run.backfill_id, progress }
      })
      .otherwise(async () => null)
  }

  override async alarm(): Promise<void> {
    await withLogTags(logTags(this.env, 'BuildErrorsAgent'), async () => {
      // First, so that nothing that goes wrong below ends the run.
      await this.ctx.storage.setAlarm(Date.now() + this.#patience.backfillTickMs)
      await this.#work.run()
    })
  }

  /** Takes as many steps as the alarm's time allows. */
  async #takeSteps(): Promise<void> {
    const until = Date.now() + ALARM_BUDGET_MS
    try {
      await withStore(this.env, async (store) => {
        let next: Next
        do next = await this.#takeStep(store)
        while (next === 'go on' && Date.now() < until)
      })
    } catch (error) {
      logger.withFields(errorFields(error)).warn('the backfill is held up; trying again')
    }
  }

  /** The state machine: what is done in which state. */
  async #takeStep(store: Store): Promise<Next> {
    return await match(this.#storage.state())
      // resting
      .with({ config: null }, { concluded: true }, () => this.#rest())
      // over
      .with({ outcome: P.nonNullable }, () => this.#conclude(store))
      // asked
      .with({ backfill_id: null }, async () => {
        await this.#register(store)
        return 'go on' as const
      })
      // sending
      .with({ ...REGISTERED, all_sent_on: null }, (run) => this.#steps(store, run).sendMore())
      // draining
      .with({ ...REGISTERED }, (run) => this.#steps(store, run).awaitScans())
      .otherwise(async () => {
        // A row is never known without its beginning; were it, the run must not hang.
        const error = new Error('a backfill has a row and no beginning')
        reportError(error, 'the backfill has lost its start time, and ends')
        this.#storage.end('stopped')
        return 'go on' as const
      })
  }

  async #rest(): Promise<Next> {
    await this.ctx.storage.deleteAlarm()
    return 'wait'
  }

  /**
   * Gives the run that was asked for its row, and answers it; undefined when there is one already,
   * which is taken up then: we died before we could remember it.
   */
  async #register(store: Store): Promise<Backfill | undefined> {
    const { config, backfill_id } = this.#storage.state()
    if (config === null || backfill_id !== null) return undefined
    return await this.#registration.run(store, config)
  }

  async #insertRow(store: Store, config: BackfillConfig): Promise<Backfill | undefined> {
    const inserted = await store.backfills.insert(config)
    const row = inserted ?? (await store.backfills.selectRunning())
    if (row !== undefined) this.#storage.begin(row)
    return inserted
  }

  /** Writes to the run's row how it ended. */
  async #conclude(store: Store): Promise<Next> {
    const state = this.#storage.state()
    const { backfill_id, outcome } = state
    if (backfill_id !== null && outcome !== null && state.concluded === null) {
      await store.backfills.update({
        backfill_id,
        status: outcome,
        builds_queued: state.total_builds_processed ?? 0,
        builds_scanned: state.builds_scanned ?? 0,
        builds_failed: state.builds_failed ?? 0,
      })
      logger.info(`backfill ${backfill_id} is ${outcome}`)
    }
    if (this.#storage.get('backfill_id') === backfill_id) this.#storage.put('concluded', true)
    return 'go on'
  }

  async #ownRow(store: Store): Promise<Backfill> {
    const backfill_id = this.#storage.get('backfill_id')
    const row = backfill_id === null ? undefined : await store.backfills.select(backfill_id)
    if (row === undefined) throw new Error(`backfill ${backfill_id} has no row`)
    return row
  }

  #steps(store: Store, run: Run) {
    return backfillSteps({
      storage: this.#storage,
      queue: this.env.BUILD_ERRORS_QUEUE,
      store,
      run,
      standstill_ms: this.#patience.backfillStandstillMs,
    })
  }
}
