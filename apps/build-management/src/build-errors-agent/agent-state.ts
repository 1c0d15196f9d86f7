/** What BuildErrorsAgent remembers between two alarms. */
import { BackfillConfig, BuildId } from '@workers-builds/contracts'
import { z } from 'zod'
import { typedKv } from '../typed-kv.ts'

const SCHEMAS = {
  backfill_id: z.int(),
  /** Postgres' time: a scan from then on is this run's own. */
  started_on: z.date(),
  stopped_on: z.date(),
  config: BackfillConfig,
  /** The newest build that was sent. */
  latest_build_id: BuildId,
  total_builds_processed: z.int().nonnegative(),
  /** Every build up to this one that was sent has been scanned. */
  scanned_through: z.int().nonnegative(),
  /** Since when no scan has been seen, and how many builds were under way then. */
  standstill: z.object({ since: z.int(), under_way: z.int() }),
}

export type AgentState = {
  [Key in keyof typeof SCHEMAS]: z.infer<(typeof SCHEMAS)[Key]> | null
}

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

    /** Forgets the last run and remembers this one. */
    begin(run: { backfill_id: number; started_on: Date; config: BackfillConfig }): void {
      storage.transactionSync(() => {
        for (const key of keys) kv.delete(key)
        kv.put('backfill_id', run.backfill_id)
        kv.put('started_on', run.started_on)
        kv.put('config', run.config)
        kv.put('total_builds_processed', 0)
        kv.put('scanned_through', Math.max(0, run.config.min_build_id - 1))
      })
    },

    /** Remembers that these builds were sent; sent before, they count once. */
    sent(build_ids: number[]): void {
      storage.transactionSync(() => {
        const latest = kv.get('latest_build_id') ?? 0
        const fresh = build_ids.filter((build_id) => build_id > latest)
        if (fresh.length === 0) return
        kv.put('latest_build_id', Math.max(...fresh))
        kv.put('total_builds_processed', (kv.get('total_builds_processed') ?? 0) + fresh.length)
      })
    },
  }
}
