import { BuildErrorsMessage } from '@workers-builds/contracts'
import { DETECTOR_VERSION } from '@workers-builds/error-detection'
import { errorFields, logger } from '@workers-builds/logging'
import type { Store } from '@workers-builds/store'

const RETRY_DELAY_SECONDS = 60

/** Records builds whose scan was given up, so that they are told from those nobody looked at. */
export async function recordDeadLetters(
  messages: readonly Message<unknown>[],
  { store }: { store: Pick<Store, 'buildErrorScans'> },
): Promise<void> {
  for (const message of messages) {
    const body = BuildErrorsMessage.safeParse(message.body)
    try {
      if (body.success) {
        const { build_id } = body.data
        await store.buildErrorScans.recordFailed({ build_id, detector_version: DETECTOR_VERSION })
        logger.withTags({ build_id }).error('the scan of a build was given up')
      }
      message.ack()
    } catch (error) {
      logger.withFields(errorFields(error)).error('a dead letter could not be recorded')
      message.retry({ delaySeconds: RETRY_DELAY_SECONDS })
    }
  }
}
