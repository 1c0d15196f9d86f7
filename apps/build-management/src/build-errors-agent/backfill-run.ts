/** One run of a backfill: what it knows of its builds, and how it sends and counts them. */
import { type BuildId, buildErrorsMessage } from '@workers-builds/contracts'
import { logger } from '@workers-builds/logging'
import type { Store } from '@workers-builds/store'
import type { AgentStorage, Run } from './agent-state.ts'
import { BUILDS_PER_SELECT, QUEUE_BATCH_SIZE, WINDOW } from './pace.ts'

/** How often the run's row is brought up to date; who asks the agent gets what is true then. */
const REPORT_EVERY_MS = 1_000

export type BackfillContext = {
  storage: AgentStorage
  queue: Pick<Queue, 'metrics' | 'sendBatch'>
  store: Pick<Store, 'backfills'>
  run: Run
  /** After this long without a scan, what is under way is taken for lost. */
  standstill_ms: number
}

export type BackfillRun = ReturnType<typeof backfillRun>

export function backfillRun({ storage, queue, store, run }: BackfillContext) {
  const { backfill_id, started_on, config } = run
  const builds = { ...config, started_on }

  /** Whether the run goes on: while we waited it may have been stopped, and another one begun. */
  function isUnderWay(): boolean {
    return storage.get('backfill_id') === backfill_id && storage.get('outcome') === null
  }

  /** The builds whose scans are waited for: all that have been sent, up to this one. */
  function sentThrough(): number {
    if (storage.get('all_sent_on') !== null) return config.max_build_id
    return storage.get('latest_build_id') ?? config.min_build_id - 1
  }

  /** Counts how many of the builds that were sent are not scanned yet, and records it. */
  async function countUnderWay(): Promise<number> {
    const queued = storage.get('total_builds_processed') ?? 0
    const range = { after: storage.get('scanned_through') ?? 0, through: sentThrough() }
    const { count: under_way, first } = await store.backfills.countUnscanned(builds, range)
    storage.looked(run, {
      scanned_through: first === null ? Math.max(range.after, range.through) : first - 1,
      builds_scanned: queued - under_way,
    })
    return under_way
  }

  /** Counts the scanned builds whose scan was given up, and records it. */
  async function countFailed(): Promise<void> {
    storage.lookedForFailed(run, { builds_failed: await store.backfills.countFailed(builds) })
  }

  /** The next builds to send, `limit` at most. */
  async function selectNext(limit: number): Promise<BuildId[]> {
    const range = { after: sentThrough(), through: config.max_build_id, limit }
    return await store.backfills.selectUnscanned(builds, range)
  }

  /** Sends builds to the queue, and records after each batch which. */
  async function send(build_ids: BuildId[]): Promise<void> {
    for (let at = 0; at < build_ids.length && isUnderWay(); at += QUEUE_BATCH_SIZE) {
      const batch = build_ids.slice(at, at + QUEUE_BATCH_SIZE)
      storage.put('sending', batch)
      await queue.sendBatch(batch.map(buildErrorsMessage))
      storage.sent(run, batch)
    }
  }

  /** Sends again the batch that was under way at a death: left out, it would never be counted. */
  async function resendUnsure(): Promise<void> {
    const unsure = storage.get('sending')
    if (unsure !== null) await send(unsure)
  }

  /** The queue may lose messages; the run may not. */
  async function resendLost(): Promise<void> {
    const after = storage.get('scanned_through') ?? 0
    const range = { after, through: sentThrough(), limit: WINDOW + BUILDS_PER_SELECT }
    const build_ids = await store.backfills.selectUnscanned(builds, range)
    logger.warn(`sending ${build_ids.length} builds again that were not scanned`)
    await send(build_ids)
  }

  /** Brings the run's row up to date; a run that somebody ended there is over here as well. */
  async function report(): Promise<void> {
    const now = Date.now()
    if (now - (storage.get('reported_on') ?? 0) < REPORT_EVERY_MS) return
    storage.put('reported_on', now)
    await countFailed()
    const isRunning = await store.backfills.update({
      backfill_id,
      status: 'running',
      builds_queued: storage.get('total_builds_processed') ?? 0,
      builds_scanned: storage.get('builds_scanned') ?? 0,
      builds_failed: storage.get('builds_failed') ?? 0,
    })
    if (!isRunning && isUnderWay()) storage.end('stopped')
  }

  /** The first build of the whole range that has not been scanned since the run began. */
  async function firstUnscanned(): Promise<BuildId | null> {
    const all = { after: config.min_build_id - 1, through: config.max_build_id }
    return (await store.backfills.countUnscanned(builds, all)).first
  }

  /** How far the run is, as of now. */
  async function count() {
    await countUnderWay()
    await countFailed()
    // As they are now: an alarm that counts while what remains is counted sees later scans, and
    // those builds would be counted both as scanned and as remaining.
    const counted = {
      latest_build_id: storage.get('latest_build_id'),
      builds_queued: storage.get('total_builds_processed') ?? 0,
      builds_scanned: storage.get('builds_scanned') ?? 0,
      builds_failed: storage.get('builds_failed') ?? 0,
    }
    const range = { after: storage.get('scanned_through') ?? 0, through: config.max_build_id }
    const { count: builds_remaining } = await store.backfills.countUnscanned(builds, range)
    return { ...counted, builds_remaining }
  }

  return {
    isUnderWay,
    countUnderWay,
    countFailed,
    selectNext,
    send,
    resendUnsure,
    resendLost,
    report,
    firstUnscanned,
    count,
  }
}
