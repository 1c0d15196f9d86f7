import type { Store } from '@workers-builds/store'

/**
 * A day of 900 failed builds took Postgres 130 to 240 ms, and 1.5 s when it was the last of the longest
 * periods too. Builds that wait to start do not wait for it: they wake Scheduler.
 */
const MOST_DAYS_PER_PASS = 4

/** Counts again the errors of days in which some changed, so that lists over years stay quick. */
export async function recountErrors(store: Pick<Store, 'errorCounts'>): Promise<void> {
  for (let day = 0; day < MOST_DAYS_PER_PASS; day++) {
    if (!(await store.errorCounts.recount())) return
  }
}
