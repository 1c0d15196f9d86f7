import { logger } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import type { OverdueBuild, Store } from '@workers-builds/store'

/** Bounds one tick's work; the next takes more. */
const MOST_PER_TICK = 20

/** A BuildBuddy is given up after this many asks, a minute apart, that failed. */
const MOST_ASKS = 5

/**
 * Ends builds that should have been over: their BuildBuddy ends them, or writes to
 * Postgres again that they are. Where it cannot be reached, again and again, the build is ended in Postgres: it
 * holds a place in its account and its branch, and people wait for it.
 */
export async function endOverdueBuilds({
  store,
  endOverdue,
}: {
  store: Pick<Store, 'builds'>
  /** Asks the BuildBuddy; throws when it does not answer. */
  endOverdue: (build: OverdueBuild) => Promise<void>
}): Promise<void> {
  const overdue = await store.builds.takeOverdue({ limit: MOST_PER_TICK })
  await Promise.all(
    overdue.map(async (build) => {
      const { build_id, overdue_asks } = build
      logger
        .withTags({ build_id })
        .warn(`a build is overdue; asking its BuildBuddy, time ${overdue_asks}`)
      try {
        await endOverdue(build)
      } catch (error) {
        reportError(error, 'the BuildBuddy of an overdue build fails', { build_id })
        if (overdue_asks >= MOST_ASKS) await store.builds.endLost(build_id)
      }
    }),
  )
}
