import { styleText } from 'node:util'
import type { BuildErrors } from '@workers-builds/contracts'
import { locationText } from '@workers-builds/error-detection'

/**
 * Why a build failed, for a person at the terminal of `stream`: each error with its line of the log,
 * counted from 1, the place in the repository that it names, and what to do about it.
 */
export function explainErrors({
  errors,
  stream,
}: {
  errors: BuildErrors['errors']
  stream: NodeJS.WritableStream
}): string {
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    styleText(format, text, { stream })
  return errors
    .map((error) => {
      const { title, error_code, cause, fault, error_group, fix, docs_url } = error
      const { line_number, line_text, location } = error
      return [
        `  ${style(['bold', 'red'], title)}  (${error_code}, cause ${cause}, fault ${fault})`,
        ...(line_number === null ? [] : [`  line ${line_number}: ${(line_text ?? '').trim()}`]),
        ...(location === null ? [] : [`  in: ${locationText(location)}`]),
        `  ${style('dim', `group: ${error_group}`)}`,
        ...(fix === null ? [] : [`  fix: ${style('green', fix)}`]),
        ...(docs_url === null ? [] : [`  ${style('dim', docs_url)}`]),
      ].join('\n')
    })
    .join('\n\n')
}
