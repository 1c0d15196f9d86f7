import { type BuildId, isFailedBuild, type LogLine } from '@workers-builds/contracts'
import { createErrorDetector, DETECTOR_VERSION } from '@workers-builds/error-detection'
import { reportError } from '@workers-builds/observability'
import type { BuildScan, BuildToScan } from '@workers-builds/store'
import type { LogReader } from './read-build-log.ts'
import { storable } from './storable.ts'

/** What Postgres says of the builds of a batch. */
export type KnownBuilds = Promise<Map<BuildId, BuildToScan>>

/**
 * Looks for errors in a build's log. Its first page is read while Postgres is still being asked
 * about the builds, since nearly all that are sent here have failed.
 *
 * @throws what asking Postgres throws; a log that cannot be read is answered instead
 */
export async function scanBuild(
  build_id: BuildId,
  { known, readLog }: { known: KnownBuilds; readLog: LogReader },
): Promise<BuildScan | 'incomplete' | 'unreadable' | 'not failed'> {
  const pages = readLog(build_id)
  const first = settled(pages.next())
  const build = (await known).get(build_id)
  if (build === undefined || !isFailedBuild(build.build_outcome)) return 'not failed'
  try {
    return await scanPages(build, await first, pages)
  } catch (error) {
    reportError(error, 'a log could not be read', { build_id })
    return 'unreadable'
  }
}

type Pages = ReturnType<LogReader>

async function scanPages(
  { build_id, failure_reason }: BuildToScan,
  first: () => IteratorResult<LogLine[], { complete: boolean }>,
  pages: Pages,
): Promise<BuildScan | 'incomplete'> {
  const detector = createErrorDetector({ failure_reason })
  let page = first()
  for (; !page.done; page = await pages.next()) detector.push(page.value)
  if (!page.value.complete) return 'incomplete'
  const { outcome, errors, lines_read } = detector.finish()
  return {
    build_id,
    outcome,
    detector_version: DETECTOR_VERSION,
    lines_read,
    errors: errors.map(storable),
  }
}

/** A promise that never fails: of a function that answers, or throws, what `work` came to. */
async function settled<Value>(work: Promise<Value>): Promise<() => Value> {
  try {
    const value = await work
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}
