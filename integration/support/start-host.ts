import { startComputeHost } from '@workers-builds/compute-host'
import type { StackOptions } from '@workers-builds/local/stack'

/** Runs builds that do not give way: they would wait for every suite beside theirs. */
export const startHost: NonNullable<StackOptions['startHost']> = (options) =>
  startComputeHost({ ...options, niceness: 0 })
