import type { Store } from '@workers-builds/store'

/** A day of a million failed builds a year takes some 50 ms. */
const MOST_DAYS_PER_PASS = 4

/** Counts again the errors of days in which some changed, so that lists over years stay quick. */
export async function foldErrorCounts(store: Pick<Store, 'errorCounts'>): Promise<void> {
  for (let day = 0; day < MOST_DAYS_PER_PASS; day++) {
    if (!(await store.errorCounts.fold())) return
  }
}
