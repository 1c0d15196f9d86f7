import { LogPage } from '@workers-builds/contracts'
import { errorFields, logger } from '@workers-builds/logging'
import { within } from '@workers-builds/observability'
import type { DueReport } from '@workers-builds/store'
import { getBuildBuddy } from '../stubs.ts'

const ANSWER_MS = 5_000

/**
 * The line of the log that says why the build failed; null when none does. A log that cannot be
 * read is no reason to report nothing.
 */
export async function decisiveLine(
  env: Pick<Env, 'BUILD_BUDDY' | 'LOCATION_HINT'>,
  { build_id, root_cause }: DueReport,
): Promise<string | null> {
  const line = root_cause?.line ?? null
  if (line === null) return null
  try {
    const buddy = getBuildBuddy(env, build_id)
    const page = LogPage.parse(await within(ANSWER_MS, buddy.getLogs({ cursor: { line } })))
    return page.lines[0]?.[2] ?? null
  } catch (error) {
    logger
      .withTags({ build_id })
      .withFields(errorFields(error))
      .warn('the log of a build that is reported could not be read')
    return null
  }
}
