import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** A wrong way to call a program; its message ends with the right one. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Thrown for `--help`, which ends the program well; its message is the usage. */
export class HelpRequest extends Error {
  override readonly name = 'HelpRequest'
}

/**
 * The options and at most `maxPositionals` further arguments of this program. Throws HelpRequest
 * for `--help`, and UsageError for what `options` does not list.
 */
export function readArguments<const Options extends ParseArgsOptionsConfig>({
  usage,
  options,
  maxPositionals = 0,
  args = process.argv.slice(2),
}: {
  usage: string
  options: Options
  maxPositionals?: number
  args?: string[]
}) {
  if (args.includes('--help') || args.includes('-h')) throw new HelpRequest(usage)
  try {
    const parsed = parseArgs({ args, options, allowPositionals: maxPositionals > 0 })
    const [unexpected] = parsed.positionals.slice(maxPositionals)
    if (unexpected !== undefined) throw new Error(`Unexpected argument '${unexpected}'`)
    return parsed
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${message}\n\n${usage}`)
  }
}
