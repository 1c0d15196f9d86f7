/**
 * Why a build ends before it is done. Nothing of it is reported: whoever ended it knows, and what
 * the log then says is the control plane's to write.
 */
export type StopReason =
  /** stdin closed: nobody is left who could end this build. */
  | 'host_gone'
  /** SIGTERM: the host ends this build. */
  | 'terminated'
  /** The build's time is up. */
  | 'deadline'
  /** The control plane takes nothing more from this build. */
  | 'refused'

export class BuildStopped extends Error {
  override readonly name = 'BuildStopped'
  readonly reason: StopReason

  constructor(reason: StopReason, options?: ErrorOptions) {
    super(`The build was ended: ${reason}`, options)
    this.reason = reason
  }
}

/**
 * For how long (ms) the last lines may still be sent. At the deadline the control plane gets time
 * to write its own word on it; a runner that was gone first would look like a failed health check.
 */
export const LAST_FLUSH_MS: Record<StopReason, number> = {
  host_gone: 0,
  terminated: 1_000,
  deadline: 5_000,
  refused: 0,
}
