import type { Store } from '@workers-builds/store'
import { getEventDispatcher } from '../stubs.ts'

/** More wait for the next second. */
const MOST_PER_PASS = 100

/** Wakes the dispatchers of the subscriptions that have something to deliver. */
export async function wakeDispatchers({
  store,
  env,
}: {
  store: Pick<Store, 'eventDeliveries'>
  env: Pick<Env, 'EVENT_DISPATCHER' | 'LOCATION_HINT'>
}): Promise<void> {
  const due = await store.eventDeliveries.selectDueSubscriptions({ limit: MOST_PER_PASS })
  await Promise.all(
    due.map((event_subscription_id) =>
      getEventDispatcher(env, event_subscription_id).wake({ event_subscription_id }),
    ),
  )
}
