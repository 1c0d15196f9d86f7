import { BuildErrorsMessage } from '@workers-builds/contracts'
import { DETECTOR_VERSION } from '@workers-builds/error-detection'
import { reportError } from '@workers-builds/observability'
import type { Store } from '@workers-builds/store'
import { isStatementError } from './is-statement-error.ts'

const RETRY: QueueRetryOptions = { delaySeconds: 60 }

/**
 * Records builds whose scan was given up, which distinguishes them from builds that were never scanned.
 * Once the database is away, the remaining messages wait for their next delivery.
 */
export async function recordDeadLetters(
  messages: readonly Message<unknown>[],
  { store }: { store: Pick<Store, 'buildErrorScans'> },
): Promise<void> {
  let isAway = false
  for (const message of messages) {
    if (isAway) {
      message.retry(RETRY)
      continue
    }
    const error = await record(message.body, store)
    if (error === null) message.ack()
    else message.retry(RETRY)
    isAway = error !== null && !isStatementError(error)
  }
}

/** Returns the error, or null. */
async function record(message: unknown, store: Pick<Store, 'buildErrorScans'>): Promise<unknown> {
  const body = BuildErrorsMessage.safeParse(message)
  if (!body.success) return null
  const { build_id } = body.data
  try {
    await store.buildErrorScans.recordFailed({ build_id, detector_version: DETECTOR_VERSION })
  } catch (error) {
    reportError(error, 'a dead letter could not be recorded')
    return error
  }
  reportError(new Error('dead letter'), 'the scan of a build was given up', { build_id })
  return null
}
