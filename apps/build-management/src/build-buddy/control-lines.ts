/** The lines that the control plane itself writes into a log, when it ends a build. */

import {
  type BuildState,
  FAILURE_REASONS,
  INSTANCES,
  type InstanceType,
} from '@workers-builds/contracts'

/** 128 + SIGKILL. */
const OUT_OF_MEMORY = 137

/** The last line of the log of a build that ended in `state`; null where there is none to add. */
export function controlLine({ build_outcome, failure_reason }: BuildState): string | null {
  if (build_outcome === 'cancelled') return 'Build was cancelled'
  return failure_reason === null ? null : FAILURE_REASONS[failure_reason].logLine
}

/** What the log says of a container that ended before its build. */
export function exitLine({
  exit_code,
  message,
  instance_type,
}: {
  exit_code: number | null
  message: string
  instance_type: InstanceType | null
}): string {
  if (exit_code === OUT_OF_MEMORY) {
    const size =
      instance_type && `: a ${instance_type} has ${INSTANCES[instance_type].memory_mib} MB`
    return `The container of the build was killed (exit code 137), as one is that has no memory left${size ?? ''}.`
  }
  const how = exit_code === null ? message : `exit code ${exit_code}`
  return `The container of the build ended by itself: ${how}`
}

/** What the log says, once, of a build that has to wait for its container. */
export function waitingLine(reason: string): string {
  return `There is no container for this build at the moment (${reason}). It waits, and asks again.`
}
