/** The steps of a backfill that is under way: sending builds, and waiting for their scans. */
import { type BackfillContext, backfillRun } from './backfill-run.ts'
import { pacedUntil, roomToSend, standstillAfter } from './pace.ts'

/** How soon to look again where there was no room to send, while scans are coming in. */
const LOOK_AGAIN_MS = 250

/** Whether to take another step now, or only when the alarm fires again. */
export type Next = 'go on' | 'wait'

export function backfillSteps(context: BackfillContext) {
  const { storage, queue, standstill_ms } = context
  const { builds_per_second } = context.run.config
  const run = backfillRun(context)

  /** After builds were sent or counted: reports, sends lost builds again, and says how to go on. */
  async function settle(seen: { under_way: number; sent: number }): Promise<Next> {
    await run.report()
    if (!run.isUnderWay()) return 'go on'
    const now = Date.now()
    const { lost, ...standstill } = standstillAfter(storage.get('standstill'), {
      under_way: seen.under_way + seen.sent,
      sent: seen.sent > 0,
      now,
      standstill_ms,
    })
    storage.put('standstill', standstill)
    if (lost) await run.resendLost()
    if (seen.sent > 0) return 'go on'
    if (standstill.since < now) return 'wait'
    await scheduler.wait(LOOK_AGAIN_MS)
    return 'go on'
  }

  return {
    /** Sends what there is room for, until no build is left to send. */
    async sendMore(): Promise<Next> {
      await run.resendUnsure()
      const under_way = await run.countUnderWay()
      const { backlogCount: backlog } = await queue.metrics()
      const paced_until = storage.get('paced_until') ?? 0
      const rate = { builds_per_second, paced_until, now: Date.now() }
      const limit = roomToSend({ under_way, backlog, rate })
      if (limit === 0) return await settle({ under_way, sent: 0 })

      const next = await run.selectNext(limit)
      if (!run.isUnderWay()) return 'go on'
      if (next.length === 0) {
        storage.put('all_sent_on', new Date())
        return 'go on'
      }
      storage.put('paced_until', pacedUntil(rate, next.length))
      await run.send(next)
      return await settle({ under_way, sent: next.length })
    },

    /** Ends the run once every build of it has been scanned since it began. */
    async awaitScans(): Promise<Next> {
      const under_way = await run.countUnderWay()
      if (under_way > 0) return await settle({ under_way, sent: 0 })
      // Without the shortcut of `scanned_through`: a run that is recorded as completed is.
      const first = await run.firstUnscanned()
      await run.countFailed()
      if (!run.isUnderWay()) return 'go on'
      if (first === null) storage.end('completed')
      else storage.put('scanned_through', first - 1)
      return 'go on'
    },

    count: run.count,
  }
}
