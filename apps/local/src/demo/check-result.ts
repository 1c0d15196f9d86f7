import { plainText } from '../terminal/terminal-text.ts'
import type { FollowedBuild } from './follow-build.ts'

/** What the demo project's build says, in a line of its own. */
export const EXPECTED_LINE = 'Could not resolve "./balance"'

/** Throws, with what came instead, unless the build failed as it must and the error was found. */
export function checkResult(result: FollowedBuild): void {
  const { build, log, scan_outcome, errors, top } = result
  const { build_outcome, failure_reason } = build
  if (build_outcome !== 'fail' || failure_reason !== 'build_command_failed') {
    const end = log.slice(-20).map(plainText).join('\n')
    throw new Error(
      `The build was to fail in its build command, but it ended with ${build_outcome} (${failure_reason}):\n${end}`,
    )
  }
  const [first] = errors
  if (first === undefined) {
    throw new Error(`No error was detected in the log: the scan ended with ${scan_outcome}.`)
  }
  if (!first.line_text?.includes(EXPECTED_LINE)) {
    throw new Error(
      `Line ${first.line_number} was found to be decisive, which does not say ${EXPECTED_LINE}.`,
    )
  }
  if (!top.some(({ error_code }) => error_code === first.error_code)) {
    throw new Error(`${first.error_code} is not in the top list.`)
  }
}
