import type { BuildErrors } from '@workers-builds/contracts'
import { excerptOf, linesOfExcerpt } from '@workers-builds/error-detection'
import { errorFields, logger } from '@workers-builds/logging'
import { within } from '@workers-builds/observability'
import type { BuildRow } from '@workers-builds/store'
import { buildManagement } from '../bindings.ts'

type FromLog = Pick<
  BuildErrors['errors'][number],
  'line_number' | 'line_text' | 'context' | 'location'
>

const ANSWER_MS = 5_000

/**
 * What the log of `build` says at `line`, counted from 0. A log that is gone, or cannot be read now,
 * is no reason to refuse the errors: they are known without it.
 */
export async function fromLog(
  env: Env,
  { build, line }: { build: BuildRow; line: number | null },
): Promise<FromLog> {
  const nothing = {
    line_number: line === null ? null : line + 1,
    line_text: null,
    context: [],
    location: null,
  }
  if (line === null || build.initializing_on === null || build.log_deleted_on !== null) {
    return nothing
  }
  try {
    const { build_id, settings } = build
    const slice = { build_id, ...linesOfExcerpt(line) }
    const lines = await within(ANSWER_MS, buildManagement(env).getLogLines(slice))
    const { root_directory } = settings
    const excerpt = excerptOf({ line, lines: lines.map(([, , text]) => text), root_directory })
    if (!excerpt) return nothing
    const { decisive, context, location } = excerpt
    return { ...nothing, line_text: decisive.text, context, location }
  } catch (error) {
    logger.withFields(errorFields(error)).warn('the log of a build could not be read')
    return nothing
  }
}
