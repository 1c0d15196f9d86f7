/** How many builds BuildErrorsAgent may send, and when it must send some again. Pure. */

/** Sent and not scanned yet: few enough that a build that fails now is scanned within seconds. */
export const WINDOW = 2_000
/** As many as one query brings. */
export const BUILDS_PER_SELECT = 1_000
/** As many as one batch of a queue takes. */
export const QUEUE_BATCH_SIZE = 100
/** A run that could not send is behind its chosen rate, and makes up for no more than this. */
const MOST_ARREARS_MS = 1_000

/** How many builds may be sent now. */
export function roomToSend(now: {
  under_way: number
  /** Messages that wait in the queue, other builds' included. */
  backlog: number
  rate: Rate
}): number {
  const left = Math.max(0, WINDOW - Math.max(now.under_way, now.backlog))
  // By whole batches: a message alone costs as much as a hundred, and part of one has the consumer
  // wait for the rest.
  const room = left - (left % QUEUE_BATCH_SIZE)
  return Math.min(room, allowedBy(now.rate), BUILDS_PER_SELECT)
}

/** A chosen rate, null for as fast as can be, and up to when it has been used up. */
export type Rate = { builds_per_second: number | null; paced_until: number; now: number }

function allowedBy({ builds_per_second, now, ...rate }: Rate): number {
  if (builds_per_second === null) return Number.POSITIVE_INFINITY
  return Math.floor(((now - pacedSince(rate, now)) * builds_per_second) / 1_000)
}

/** Up to when the chosen rate is used up once `sent` builds more were sent. */
export function pacedUntil({ builds_per_second, now, ...rate }: Rate, sent: number): number {
  if (builds_per_second === null) return now
  return Math.round(pacedSince(rate, now) + (sent * 1_000) / builds_per_second)
}

function pacedSince({ paced_until }: { paced_until: number }, now: number): number {
  return Math.max(paced_until, now - MOST_ARREARS_MS)
}

/**
 * Since when no scan has been seen. `lost` says that it has been too long: then the clock starts
 * again, for what is sent a second time.
 */
export function standstillAfter(
  before: { since: number; under_way: number } | null,
  {
    under_way,
    sent,
    now,
    standstill_ms,
  }: { under_way: number; sent: boolean; now: number; standstill_ms: number },
): { since: number; under_way: number; lost: boolean } {
  const moved = before === null || sent || under_way < before.under_way
  if (moved || under_way === 0) return { since: now, under_way, lost: false }
  const lost = now - before.since >= standstill_ms
  return { since: lost ? now : before.since, under_way, lost }
}
