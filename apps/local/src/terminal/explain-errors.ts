import { styleText } from 'node:util'
import type { BuildErrors } from '@workers-builds/contracts'
import { plainText } from './terminal-text.ts'

/**
 * Why a build failed, for a person at the terminal of `stream`: each error with its line of `log`,
 * counted from 1, and what to do about it.
 */
export function explainErrors({
  errors,
  log,
  stream,
}: {
  errors: BuildErrors['errors']
  log: string[]
  stream: NodeJS.WritableStream
}): string {
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    styleText(format, text, { stream })
  return errors
    .map(({ title, error_code, cause, fault, line, error_group, fix, docs_url }) => {
      const message = line === null ? undefined : log[line]
      return [
        `  ${style(['bold', 'red'], title)}  (${error_code}, cause ${cause}, fault ${fault})`,
        ...(line === null ? [] : [`  line ${line + 1}: ${plainText(message ?? '').trim()}`]),
        `  ${style('dim', `group: ${error_group}`)}`,
        ...(fix === null ? [] : [`  fix: ${style('green', fix)}`]),
        ...(docs_url === null ? [] : [`  ${style('dim', docs_url)}`]),
      ].join('\n')
    })
    .join('\n\n')
}
