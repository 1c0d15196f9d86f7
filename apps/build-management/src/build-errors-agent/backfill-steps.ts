/** The steps of a backfill that is under way: sending builds, and waiting for their scans. */
import { type BuildId, buildErrorsMessage } from '@workers-builds/contracts'
import { logger } from '@workers-builds/logging'
import type { Store } from '@workers-builds/store'
import type { AgentStorage, Run } from './agent-state.ts'
import {
  BUILDS_PER_SELECT,
  pacedUntil,
  QUEUE_BATCH_SIZE,
  roomToSend,
  standstillAfter,
  WINDOW,
} from './pace.ts'

/** How soon to look again where there was no room to send, while scans are coming in. */
const LOOK_AGAIN_MS = 250
/** How often the run's row is told how far it is; who asks the agent is told as of now. */
const REPORT_EVERY_MS = 1_000

/** Whether to take another step now, or only when the alarm fires again. */
export type Step = 'go on' | 'wait'

type StepContext = {
  storage: AgentStorage
  queue: Pick<Queue, 'metrics' | 'sendBatch'>
  store: Pick<Store, 'backfills'>
  run: Run
  /** After this long without a scan, what is under way is taken for lost. */
  standstill_ms: number
}

export function runSteps({ storage, queue, store, run, standstill_ms }: StepContext) {
  const { backfill_id, started_on, config } = run
  const builds = { ...config, started_on }

  /** Whether the run goes on: while we waited it may have been stopped, and another one begun. */
  function isUnderWay(): boolean {
    return storage.get('backfill_id') === backfill_id && storage.get('outcome') === null
  }

  /** The builds of which scans are waited for: all that have been sent, up to this one. */
  function sentThrough(): number {
    if (storage.get('all_sent_on') !== null) return config.max_build_id
    return storage.get('latest_build_id') ?? config.min_build_id - 1
  }

  /** Sees which of the builds that were sent have been scanned, and remembers it. */
  async function look(): Promise<{ under_way: number }> {
    const queued = storage.get('total_builds_processed') ?? 0
    const range = { after: storage.get('scanned_through') ?? 0, through: sentThrough() }
    const { count: under_way, first } = await store.backfills.countUnscanned(builds, range)
    storage.looked(run, {
      scanned_through: first === null ? Math.max(range.after, range.through) : first - 1,
      builds_scanned: queued - under_way,
    })
    return { under_way }
  }

  /** Sees of how many of the builds that have been scanned the scan was given up, and remembers it. */
  async function lookForFailed(): Promise<void> {
    storage.lookedForFailed(run, { builds_failed: await store.backfills.countFailed(builds) })
  }

  /** Sends builds to the queue, and remembers after each batch which. */
  async function send(build_ids: BuildId[]): Promise<void> {
    for (let at = 0; at < build_ids.length && isUnderWay(); at += QUEUE_BATCH_SIZE) {
      const batch = build_ids.slice(at, at + QUEUE_BATCH_SIZE)
      storage.put('sending', batch)
      await queue.sendBatch(batch.map(buildErrorsMessage))
      storage.sent(run, batch)
    }
  }

  /** The queue may lose messages; the run may not. */
  async function sendAgain(): Promise<void> {
    const after = storage.get('scanned_through') ?? 0
    const range = { after, through: sentThrough(), limit: WINDOW + BUILDS_PER_SELECT }
    const build_ids = await store.backfills.selectUnscanned(builds, range)
    logger.warn(`sending ${build_ids.length} builds again that were not scanned`)
    await send(build_ids)
  }

  /** Tells the run's row how far it is; where somebody ended it there, it is over for us as well. */
  async function report(): Promise<void> {
    const now = Date.now()
    if (now - (storage.get('reported_on') ?? 0) < REPORT_EVERY_MS) return
    storage.put('reported_on', now)
    await lookForFailed()
    const isRunning = await store.backfills.update({
      ...{ backfill_id, status: 'running' },
      builds_queued: storage.get('total_builds_processed') ?? 0,
      builds_scanned: storage.get('builds_scanned') ?? 0,
      builds_failed: storage.get('builds_failed') ?? 0,
    })
    if (!isRunning && isUnderWay()) storage.end('stopped')
  }

  /** Between two steps: reports, sends lost builds again, and says how to go on. */
  async function hold(seen: { under_way: number; sent: number }): Promise<Step> {
    await report()
    if (!isUnderWay()) return 'go on'
    const now = Date.now()
    const { lost, ...standstill } = standstillAfter(storage.get('standstill'), {
      under_way: seen.under_way + seen.sent,
      sent: seen.sent > 0,
      now,
      standstill_ms,
    })
    storage.put('standstill', standstill)
    if (lost) await sendAgain()
    if (seen.sent > 0) return 'go on'
    if (standstill.since < now) return 'wait'
    await scheduler.wait(LOOK_AGAIN_MS)
    return 'go on'
  }

  return {
    /** Sends what there is room for, until no build is left to send. */
    async sendMore(): Promise<Step> {
      // Were they left out because they have been scanned by now, nobody would ever count them.
      const unsure = storage.get('sending')
      if (unsure !== null) await send(unsure)
      const { under_way } = await look()
      const { backlogCount: backlog } = await queue.metrics()
      const { builds_per_second } = config
      const paced_until = storage.get('paced_until') ?? 0
      const rate = { builds_per_second, paced_until, now: Date.now() }
      const limit = roomToSend({ under_way, backlog, rate })
      if (limit === 0) return await hold({ under_way, sent: 0 })

      const range = { after: sentThrough(), through: config.max_build_id, limit }
      const next = await store.backfills.selectUnscanned(builds, range)
      if (!isUnderWay()) return 'go on'
      if (next.length === 0) {
        storage.put('all_sent_on', new Date())
        return 'go on'
      }
      storage.put('paced_until', pacedUntil(rate, next.length))
      await send(next)
      return await hold({ under_way, sent: next.length })
    },

    /** Ends the run once every build of it has been looked at since it began. */
    async awaitScans(): Promise<Step> {
      const { under_way } = await look()
      if (under_way > 0) return await hold({ under_way, sent: 0 })
      // Without the shortcut of `scanned_through`: what is said to be completed is.
      const all = { after: config.min_build_id - 1, through: config.max_build_id }
      const { first } = await store.backfills.countUnscanned(builds, all)
      await lookForFailed()
      if (!isUnderWay()) return 'go on'
      if (first === null) storage.end('completed')
      else storage.put('scanned_through', first - 1)
      return 'go on'
    },

    /** How far the run is, as of now. */
    async count() {
      await look()
      await lookForFailed()
      // As they are now: an alarm that looks while what remains is counted knows of later scans, and
      // those builds would be told both as scanned and as remaining.
      const counted = {
        latest_build_id: storage.get('latest_build_id'),
        builds_queued: storage.get('total_builds_processed') ?? 0,
        builds_scanned: storage.get('builds_scanned') ?? 0,
        builds_failed: storage.get('builds_failed') ?? 0,
      }
      const range = { after: storage.get('scanned_through') ?? 0, through: config.max_build_id }
      const { count: builds_remaining } = await store.backfills.countUnscanned(builds, range)
      return { ...counted, builds_remaining }
    },
  }
}
