import type { Patience } from '@workers-builds/contracts'
import { logger } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import { backOffMs } from '../back-off.ts'

/**
 * What Scheduler does in every pass beside starting builds. One chore that fails holds up neither
 * the others nor the builds: it is left out for a while, longer each time, and reported once.
 */
export class Housekeeping {
  readonly #patience: Patience
  readonly #failures = new Map<string, { failures: number; not_before: number }>()

  constructor(patience: Patience) {
    this.#patience = patience
  }

  /** Whether a chore failed at its last run. */
  get isFailing(): boolean {
    return this.#failures.size > 0
  }

  /**
   * Runs every chore that is not backing off at `now` (ms since the epoch). Throws what `ping` throws when
   * something failed: with the database away, nothing is wrong with the chores.
   */
  async run({
    chores,
    ping,
    now,
  }: {
    chores: Record<string, () => Promise<void>>
    ping: () => Promise<void>
    now: number
  }): Promise<void> {
    for (const [chore, work] of Object.entries(chores)) {
      const failed = this.#failures.get(chore)
      if (failed !== undefined && now < failed.not_before) continue
      try {
        await work()
        if (this.#failures.delete(chore)) logger.info(`${chore} works again`)
      } catch (error) {
        await ping()
        const failures = (failed?.failures ?? 0) + 1
        this.#failures.set(chore, {
          failures,
          not_before: now + backOffMs(failures, this.#patience),
        })
        if (failures === 1) reportError(error, `${chore} failed; backing off until it works`)
      }
    }
  }
}
