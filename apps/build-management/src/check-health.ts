import type { BuildManagementHealth } from '@workers-builds/contracts'
import { checkParts, STARTING } from '@workers-builds/observability'
import { computeHost } from './compute/compute-host.ts'
import { getScheduler } from './stubs.ts'

/** client waits a little longer than this for all of it. */
const PART_MS = 1_500
/** Scheduler looks every second; it backs off, up to 30 s, while the database is away. */
const LATEST_PASS_MS = 60_000
/** About half a minute of one consumer's work, and five times what a backfill has under way. */
const MOST_BACKLOG = 10_000
/** Failed builds are scanned within minutes of their stop. */
const OLDEST_MESSAGE_MS = 5 * 60_000

/** How Scheduler, BuildErrorsQueue and the compute are. */
export async function checkHealth(env: Env): Promise<BuildManagementHealth> {
  return await checkParts(
    {
      scheduler: async () => {
        const { passed_on, alarm_on, isFailing } = await getScheduler(env).getPulse()
        const isRecent = (on: number | null) => Date.now() - (on ?? 0) <= LATEST_PASS_MS
        if (isRecent(passed_on)) return undefined
        // It was woken, here or by its restart, and nothing has gone wrong so far.
        if (isRecent(alarm_on) && !isFailing) return STARTING
        throw new Error(`Scheduler's last pass was at ${passed_on ?? 'no time'}`)
      },
      build_errors_queue: async () => {
        const { backlogCount, oldestMessageTimestamp } = await env.BUILD_ERRORS_QUEUE.metrics()
        const age_ms = Date.now() - (oldestMessageTimestamp?.getTime() ?? Date.now())
        if (backlogCount > MOST_BACKLOG || (backlogCount > 0 && age_ms > OLDEST_MESSAGE_MS)) {
          throw new Error(`${backlogCount} builds wait for detection, the first for ${age_ms} ms`)
        }
      },
      compute_host: () =>
        computeHost({
          url: env.COMPUTE_HOST_URL,
          token: env.COMPUTE_HOST_TOKEN,
        }).checkReachable(),
    },
    { ms: PART_MS },
  )
}
