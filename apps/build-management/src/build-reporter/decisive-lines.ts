import { LogLine } from '@workers-builds/contracts'
import { type Excerpt, excerptOf, linesOfExcerpt } from '@workers-builds/error-detection'
import { errorFields, logger } from '@workers-builds/logging'
import { within } from '@workers-builds/observability'
import type { DueReport } from '@workers-builds/store'
import { z } from 'zod'
import { getBuildBuddy } from '../stubs.ts'

const ANSWER_MS = 5_000

/**
 * The lines of the log that say why the build failed; undefined when none do. A log that cannot be
 * read is no reason to report nothing.
 */
export async function decisiveLines(
  env: Pick<Env, 'BUILD_BUDDY' | 'LOCATION_HINT'>,
  { build_id, root_cause, root_directory }: DueReport,
): Promise<Excerpt | undefined> {
  const line = root_cause?.line ?? null
  if (line === null) return undefined
  try {
    const reading = getBuildBuddy(env, build_id).getLogLines(linesOfExcerpt(line))
    const lines = z.array(LogLine).parse(await within(ANSWER_MS, reading))
    return excerptOf({ line, lines: lines.map(([, , text]) => text), root_directory })
  } catch (error) {
    logger
      .withTags({ build_id })
      .withFields(errorFields(error))
      .warn('the log of a build that is reported could not be read')
    return undefined
  }
}
