/** How many builds BuildErrorsAgent may send, and when it must send some again. Pure. */

/** Sent and not scanned yet: few enough that a build that fails now is scanned within seconds. */
export const WINDOW = 2_000
/** As many as one query brings. */
export const BUILDS_PER_SELECT = 1_000
/** As many as one batch of a queue takes. */
export const QUEUE_BATCH_SIZE = 100
/** After so long without a scan, what is under way is taken for lost. */
export const STANDSTILL_MS = 60_000

/** How many builds may be sent now. */
export function roomToSend(now: {
  under_way: number
  /** Messages that wait in the queue, other builds' included. */
  backlog: number
  builds_per_second: number | null
  elapsed_ms: number
  sent: number
}): number {
  const room = WINDOW - Math.max(now.under_way, now.backlog)
  const allowed =
    now.builds_per_second === null
      ? Number.POSITIVE_INFINITY
      : Math.floor((now.builds_per_second * now.elapsed_ms) / 1_000) - now.sent
  return Math.max(0, Math.min(room, allowed, BUILDS_PER_SELECT))
}

/**
 * Since when no scan has been seen. `lost` says that it has been too long: then the clock starts
 * again, for what is sent a second time.
 */
export function standstillAfter(
  before: { since: number; under_way: number } | null,
  { under_way, sent, now }: { under_way: number; sent: boolean; now: number },
): { since: number; under_way: number; lost: boolean } {
  const moved = before === null || sent || under_way < before.under_way
  if (moved || under_way === 0) return { since: now, under_way, lost: false }
  const lost = now - before.since >= STANDSTILL_MS
  return { since: lost ? now : before.since, under_way, lost }
}
