import { createErrorDetector, DETECTOR_VERSION } from '@workers-builds/error-detection'
import type { BuildScan, BuildToScan } from '@workers-builds/store'
import type { LogReader } from './read-build-log.ts'
import { storable } from './storable.ts'

/** Looks for errors in a build's log; undefined when the log is not complete yet. */
export async function scanBuild(
  { build_id, failure_reason }: BuildToScan,
  readLog: LogReader,
): Promise<BuildScan | undefined> {
  const detector = createErrorDetector({ failure_reason })
  const pages = readLog(build_id)
  let page = await pages.next()
  for (; !page.done; page = await pages.next()) detector.push(page.value)
  if (!page.value.complete) return undefined
  const { outcome, errors, lines_read } = detector.finish()
  return {
    build_id,
    outcome,
    detector_version: DETECTOR_VERSION,
    lines_read,
    errors: errors.map(storable),
  }
}
