import { UsageError } from './arguments.ts'

/** The option `--compute`, as `readArguments` takes it. */
export const COMPUTE_OPTION = { type: 'string', default: 'host' } as const

/** Throws UsageError for what is no compute. */
export function readComputeOption(value: string, usage: string): 'host' | 'containers' {
  if (value === 'host' || value === 'containers') return value
  throw new UsageError(`'${value}' is no compute: it is host or containers\n\n${usage}`)
}
