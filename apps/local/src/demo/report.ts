import { explainErrors } from '../terminal/explain-errors.ts'
import type { FollowedBuild } from './follow-build.ts'

/** The result for a person at the terminal of `stream`. */
export function describeResult(
  { build, errors, top }: FollowedBuild,
  stream: NodeJS.WritableStream,
): string {
  const counted = top.map(
    ({ build_count, error_code, cause, error_group }) =>
      `  ${build_count} × ${error_code}  ${cause}  ${error_group ?? '(other groups)'}`,
  )
  return [
    '',
    `Build ${build.build_uuid}: ${build.build_outcome} (${build.failure_reason})`,
    '',
    'Why it failed:',
    '',
    explainErrors({ errors, stream }),
    '',
    'Top build errors:',
    '',
    ...counted,
    '',
  ].join('\n')
}

/** The result in one line, for programs. `line_number` counts from 1; `line`, from 0, is deprecated. */
export function formatResult(result: FollowedBuild): string {
  const { build_uuid, status, build_outcome, failure_reason } = result.build
  const errors = result.errors.map(({ error_code, error_group, cause, line_number, ...error }) => {
    const { line, line_text } = error
    return { error_code, error_group, cause, line_number, line, message: line_text?.trim() ?? null }
  })
  const { top } = result
  return JSON.stringify({ build_uuid, status, build_outcome, failure_reason, errors, top })
}
