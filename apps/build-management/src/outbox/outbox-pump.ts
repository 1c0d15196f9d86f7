/**
 * The alarm of an object that works off an outbox: rows of Postgres that were written together with
 * the change that they are about, and are due now or later.
 *
 * Scheduler wakes the objects that have something due. The alarm takes what is due, works it off,
 * and records what came of it; were it to die in between, the same is worked off again: at least
 * once. What is retried later, Scheduler sees when it is due.
 */
import { withLogTags } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import type { Store } from '@workers-builds/store'
import { z } from 'zod'
import { logTags } from '../log-tags.ts'
import { typedKv } from '../typed-kv.ts'
import { withStore } from '../with-store.ts'

/** When the alarm fires again if it dies half-way, or the database is away. */
const RESCUE_MS = 30_000

export type OutboxPump = {
  /** Works off what is due, soon; `owner` is whose outbox it is. */
  wake(owner: string): Promise<void>
  alarm(): Promise<void>
}

export function outboxPump({
  ctx,
  env,
  source,
  ownerKey,
  workOff,
  failure,
}: {
  ctx: DurableObjectState
  env: Env
  /** The object's class, for the tags of its log lines. */
  source: string
  /** Under which key its storage keeps the owner. */
  ownerKey: string
  /** Works off some of what is due; true when there may be more. */
  workOff: (store: Store, owner: string) => Promise<boolean>
  /** What to report when that fails. */
  failure: string
}): OutboxPump {
  const kv = typedKv(ctx.storage.kv, { [ownerKey]: z.string() })

  async function pump(owner: string): Promise<void> {
    const rescue_on = Date.now() + RESCUE_MS
    await ctx.storage.setAlarm(rescue_on)
    try {
      const hasMore = await withStore(env, (store) => workOff(store, owner))
      if (hasMore) await ctx.storage.setAlarm(Date.now())
      // Another time was set by a call that came meanwhile.
      else if ((await ctx.storage.getAlarm()) === rescue_on) await ctx.storage.deleteAlarm()
    } catch (error) {
      reportError(error, failure)
    }
  }

  return {
    async wake(owner) {
      kv.put(ownerKey, owner)
      await ctx.storage.setAlarm(Date.now())
    },

    async alarm() {
      const owner = kv.get(ownerKey)
      if (owner === null) return
      await withLogTags(logTags(env, source), () => pump(owner))
    },
  }
}
