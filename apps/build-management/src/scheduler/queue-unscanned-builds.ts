import { type BuildErrorsMessage, buildErrorsMessage } from '@workers-builds/contracts'
import { logger } from '@workers-builds/logging'
import type { Store } from '@workers-builds/store'

/** As many messages as one batch of a queue takes. */
const MOST_PER_PASS = 100

/**
 * Queues failed builds for detection that were not scanned in time: the queue may lose messages,
 * and this brings them back.
 */
export async function queueUnscannedBuilds({
  store,
  queue,
}: {
  store: Store
  queue: Queue<BuildErrorsMessage>
}): Promise<void> {
  const build_ids = await store.builds.takeScansDue({ limit: MOST_PER_PASS })
  if (build_ids.length === 0) return
  logger.warn(`queueing ${build_ids.length} failed builds again that were not scanned`)
  await queue.sendBatch(build_ids.map(buildErrorsMessage))
}
