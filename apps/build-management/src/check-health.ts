import { type BuildManagementHealth, readPatience } from '@workers-builds/contracts'
import { checkParts, STARTING } from '@workers-builds/observability'
import { computeHost } from './compute/compute-host.ts'
import { readCompute } from './compute/open-compute.ts'
import { getScheduler } from './stubs.ts'

/** client waits a little longer than this for all of it. */
const PART_MS = 1_500
/** About half a minute of one consumer's work, and five times what a backfill has under way. */
const MOST_BACKLOG = 10_000

/** How Scheduler, BuildErrorsQueue and the compute are. */
export async function checkHealth(env: Env): Promise<BuildManagementHealth> {
  const patience = readPatience(env)
  return await checkParts(
    {
      scheduler: async () => {
        const { passed_on, awaited_since, isFailing } = await getScheduler(env).getStatus()
        const isRecent = (on: number | null) => Date.now() - (on ?? 0) <= patience.latestPassMs
        if (isRecent(passed_on)) return undefined
        // It has just started, and nothing has gone wrong so far.
        if (isRecent(awaited_since) && !isFailing) return STARTING
        throw new Error(
          passed_on === null
            ? 'Scheduler has not completed one pass'
            : `Scheduler completed its latest pass at ${new Date(passed_on).toISOString()}`,
        )
      },
      build_errors_queue: async () => {
        const { backlogCount, oldestMessageTimestamp } = await env.BUILD_ERRORS_QUEUE.metrics()
        const age_ms = Date.now() - (oldestMessageTimestamp?.getTime() ?? Date.now())
        if (
          backlogCount > MOST_BACKLOG ||
          (backlogCount > 0 && age_ms > patience.oldestMessageMs)
        ) {
          throw new Error(`${backlogCount} builds wait for detection, the first for ${age_ms} ms`)
        }
      },
      compute_host: async () => {
        // A platform's containers are asked for by a build alone.
        if (readCompute(env).kind === 'host') await computeHost(env, patience).checkReachable()
      },
    },
    { ms: PART_MS },
  )
}
