import { lineOf } from './check-result.ts'
import type { FollowedBuild } from './follow-build.ts'

/** The result for a person. */
export function describeResult(result: FollowedBuild): string {
  const { build, errors, top } = result
  const found = errors.map((error) =>
    [
      `  ${error.title}  (${error.error_code}, cause ${error.cause}, fault ${error.fault})`,
      `  line ${error.line}: ${lineOf(result, error.line)}`,
      `  group: ${error.error_group}`,
      ...(error.fix === null ? [] : [`  fix: ${error.fix}`]),
    ].join('\n'),
  )
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
    found.join('\n\n'),
    '',
    'Top build errors:',
    '',
    ...counted,
    '',
  ].join('\n')
}

/** The result in one line, for programs. `line` counts the log's lines from 0. */
export function formatResult(result: FollowedBuild): string {
  const { build_uuid, status, build_outcome, failure_reason } = result.build
  const errors = result.errors.map(({ error_code, error_group, cause, line }) => {
    return { error_code, error_group, cause, line, message: lineOf(result, line) }
  })
  const { top } = result
  return JSON.stringify({ build_uuid, status, build_outcome, failure_reason, errors, top })
}
