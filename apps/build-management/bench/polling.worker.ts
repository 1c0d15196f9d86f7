/**
 * build-management with the Scheduler that ours is compared with: it looks for builds once a second
 * and nobody can make it look sooner. Everything else is the same. For `pnpm bench:start` alone.
 */
import { Scheduler as WakingScheduler } from '../src/scheduler/scheduler.ts'

export * from '../src/build-management.app.ts'
export { default } from '../src/build-management.app.ts'

const TICK_MS = 1_000

export class Scheduler extends WakingScheduler {
  /** Begins the ticking, and changes nothing when it has begun. */
  override async wake(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) !== null) return
    await this.ctx.storage.setAlarm(Date.now() + TICK_MS)
  }
}
