import type { BuildId } from '@workers-builds/contracts'
import {
  createErrorDetector,
  DETECTOR_VERSION,
  type ErrorDetector,
} from '@workers-builds/error-detection'
import { reportError } from '@workers-builds/observability'
import type { BuildScan } from '@workers-builds/store'
import type { FoundErrors } from './detect-errors.ts'
import type { LogReader } from './read-build-log.ts'
import { storable } from './storable.ts'

/** Reads a build's log into a detector; returns why not when the log is not usable yet. */
export async function readErrors(
  build_id: BuildId,
  readLog: LogReader,
): Promise<ErrorDetector | 'incomplete' | 'unreadable'> {
  try {
    const detector = createErrorDetector()
    const pages = readLog(build_id)
    let page = await pages.next()
    for (; !page.done; page = await pages.next()) detector.push(page.value)
    return page.value.complete ? detector : 'incomplete'
  } catch (error) {
    reportError(error, 'a log could not be read', { build_id })
    return 'unreadable'
  }
}

/** What was found in a build's log, as it is stored. */
export function scanOf({ build_id, detection }: FoundErrors): BuildScan {
  const { outcome, errors, lines_read } = detection
  return {
    build_id,
    outcome,
    detector_version: DETECTOR_VERSION,
    lines_read,
    errors: errors.map(storable),
  }
}
