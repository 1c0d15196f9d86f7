import { BuildErrorsMessage } from '@workers-builds/contracts'
import { DETECTOR_VERSION } from '@workers-builds/error-detection'
import { reportError } from '@workers-builds/observability'
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
        reportError(new Error('dead letter'), 'the scan of a build was given up', { build_id })
      }
      message.ack()
    } catch (error) {
      reportError(error, 'a dead letter could not be recorded')
      message.retry({ delaySeconds: RETRY_DELAY_SECONDS })
    }
  }
}
