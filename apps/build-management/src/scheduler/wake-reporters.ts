import { reportError, within } from '@workers-builds/observability'
import type { Store } from '@workers-builds/store'
import { getBuildReporter } from '../stubs.ts'

/** More wait for the next second. */
const MOST_PER_PASS = 50
/** A reporter only records that it was called; one that cannot is called again. */
const ANSWER_MS = 2_000

/** Wakes the reporters of the connections that have reports due. */
export async function wakeReporters({
  store,
  env,
}: {
  store: Pick<Store, 'buildReports'>
  env: Pick<Env, 'BUILD_REPORTER' | 'LOCATION_HINT'>
}): Promise<void> {
  const due = await store.buildReports.selectDueConnections({ limit: MOST_PER_PASS })
  await Promise.all(
    due.map(async (repo_connection_uuid) => {
      const reporter = getBuildReporter(env, repo_connection_uuid)
      try {
        await within(ANSWER_MS, reporter.wake({ repo_connection_uuid }))
      } catch (error) {
        reportError(error, 'a reporter of builds could not be woken; trying again')
      }
    }),
  )
}
