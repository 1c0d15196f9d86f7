/** What BuildErrorsAgent remembers between two alarms. */
import { type Backfill, BackfillConfig, BuildId } from '@workers-builds/contracts'
import { z } from 'zod'
import { typedKv } from '../typed-kv.ts'

const Count = z.int().nonnegative()

const SCHEMAS = {
  /** What a run was asked for: first of all, so that no run is begun and then forgotten. */
  config: BackfillConfig,
  /** Its row in Postgres, and since when it runs by Postgres' clock: a scan since then counts. */
  backfill_id: z.int(),
  started_on: z.date(),
  /** The newest build that was sent, and how many were. */
  latest_build_id: BuildId,
  total_builds_processed: Count,
  /** Builds that are being sent; after a death, whether they were is not known. */
  sending: z.array(BuildId),
  /** Since when there has been no build left to send. */
  all_sent_on: z.date(),
  /** Every build up to this one that was sent has been scanned. */
  scanned_through: Count,
  builds_scanned: Count,
  builds_failed: Count,
  /** When the run's row was last brought up to date, in ms. */
  reported_on: Count,
  /** Up to which moment the chosen rate has been used up, in ms. */
  paced_until: Count,
  /** Since when no scan has been seen, and how many builds were under way then. */
  standstill: z.object({ since: z.int(), under_way: z.int() }),
  /** When the run ended, and how; `concluded` once its row says so. */
  stopped_on: z.date(),
  outcome: z.enum(['completed', 'stopped']),
  concluded: z.literal(true),
}

export type AgentState = {
  [Key in keyof typeof SCHEMAS]: z.infer<(typeof SCHEMAS)[Key]> | null
}

/** A run that has its row. */
export type Run = { backfill_id: number; started_on: Date; config: BackfillConfig }

export type AgentStorage = ReturnType<typeof agentStorage>

export function agentStorage(storage: DurableObjectStorage) {
  const kv = typedKv(storage.kv, SCHEMAS)
  const keys = Object.keys(SCHEMAS) as (keyof typeof SCHEMAS)[]
  return {
    ...kv,

    /** All of it, as of this moment. */
    state(): AgentState {
      return Object.fromEntries(keys.map((key) => [key, kv.get(key)])) as AgentState
    },

    /** Forgets the last run, and remembers what is asked for now. */
    ask(config: BackfillConfig): void {
      storage.transactionSync(() => {
        for (const key of keys) kv.delete(key)
        kv.put('config', config)
      })
    },

    /** Remembers the row of what was asked for, which says what is done: an older one may run yet. */
    begin({ backfill_id, started_on, ...row }: Backfill): void {
      if (kv.get('backfill_id') === backfill_id) return
      storage.transactionSync(() => {
        kv.put('backfill_id', backfill_id)
        kv.put('started_on', new Date(started_on))
        kv.put('config', BackfillConfig.parse(row))
        kv.put('scanned_through', Math.max(0, row.min_build_id - 1))
        kv.put('paced_until', Date.now())
      })
    },

    /** Remembers that these builds were sent; sent before, they count once. */
    sent(run: Run, build_ids: number[]): void {
      storage.transactionSync(() => {
        if (kv.get('backfill_id') !== run.backfill_id) return
        kv.delete('sending')
        const latest = kv.get('latest_build_id') ?? 0
        const fresh = build_ids.filter((build_id) => build_id > latest)
        if (fresh.length === 0) return
        kv.put('latest_build_id', Math.max(...fresh))
        kv.put('total_builds_processed', (kv.get('total_builds_processed') ?? 0) + fresh.length)
      })
    },

    /** Remembers what a look came to; counts only grow, and `run` may be over by now. */
    looked(run: Run, look: { scanned_through: number; builds_scanned: number }): void {
      storage.transactionSync(() => {
        if (kv.get('backfill_id') !== run.backfill_id) return
        kv.put('scanned_through', look.scanned_through)
        kv.put('builds_scanned', Math.max(kv.get('builds_scanned') ?? 0, look.builds_scanned))
      })
    },

    /**
     * The same for scans that were given up, which have been looked at as well. Others send builds of
     * the range, too, and theirs may be given up before ours are sent.
     */
    lookedForFailed(run: Run, { builds_failed }: { builds_failed: number }): void {
      storage.transactionSync(() => {
        if (kv.get('backfill_id') !== run.backfill_id) return
        const counted = Math.min(builds_failed, kv.get('builds_scanned') ?? 0)
        kv.put('builds_failed', Math.max(kv.get('builds_failed') ?? 0, counted))
      })
    },

    /** Remembers how the run ended. */
    end(outcome: 'completed' | 'stopped'): void {
      storage.transactionSync(() => {
        kv.put('outcome', outcome)
        kv.put('stopped_on', new Date())
      })
    },
  }
}
