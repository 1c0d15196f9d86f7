/** How long a backfill takes on Cloudflare, from documented limits and measured parts. Pure. */

/** What the platform documents; see docs/backfill.md for the sources. */
export const LIMITS = {
  queue_messages_per_s: 5_000,
  queue_batch: 100,
  queue_consumers: 250,
  /** Connections of one invocation that may wait for an answer. */
  worker_connections: 6,
  hyperdrive_connections: 100,
}

/** What the design fixes. */
export const DESIGN = { window: 2_000, builds_per_select: 1_000, look_again_ms: 250 }

/** What one has to measure, in ms, or to assume where it cannot be measured here. */
export interface Parts {
  /** Opening a build's object cold and reading its log, from the consumer's side. */
  cold_read_ms: number
  /** CPU of the consumer per build: parsing a log and searching it. */
  cpu_ms_per_build: number
  /** Select and transaction of one batch, while its database connection is in use. */
  store_ms_per_batch: number
  /** From sendBatch to the consumer. */
  delivery_ms: number
  send_batch_ms: number
  select_ms: number
}

export interface Projection {
  builds_per_s: number
  minutes: number
  /** What every part of the system would allow by itself, in builds a second. */
  rates: Record<'queue' | 'agent' | 'consumers' | 'hyperdrive' | 'window', number>
  binds: keyof Projection['rates']
}

/** Time of one consumer invocation for a full batch. */
export function batchMs(parts: Parts, limits = LIMITS): number {
  const rounds = Math.ceil(limits.queue_batch / limits.worker_connections)
  const cpu = limits.queue_batch * parts.cpu_ms_per_build
  // Reading waits, searching computes: the longer of the two is what they take together, at best.
  return Math.max(rounds * parts.cold_read_ms, cpu) + parts.store_ms_per_batch
}

/** How long `builds` take. */
export function project(
  builds: number,
  parts: Parts,
  { limits = LIMITS, design = DESIGN } = {},
): Projection {
  const batch_ms = batchMs(parts, limits)
  const sends = design.builds_per_select / limits.queue_batch
  const in_system_ms = parts.delivery_ms + batch_ms + design.look_again_ms / 2
  const rates = {
    queue: limits.queue_messages_per_s,
    agent: (design.builds_per_select * 1_000) / (parts.select_ms + sends * parts.send_batch_ms),
    consumers: (limits.queue_consumers * limits.queue_batch * 1_000) / batch_ms,
    hyperdrive:
      (limits.hyperdrive_connections * limits.queue_batch * 1_000) / parts.store_ms_per_batch,
    // Little's law: what is under way, over how long it is under way.
    window: (design.window * 1_000) / in_system_ms,
  }
  const names = Object.keys(rates) as (keyof typeof rates)[]
  const binds = names.reduce((least, name) => (rates[name] < rates[least] ? name : least))
  const builds_per_s = rates[binds]
  return { builds_per_s, minutes: builds / builds_per_s / 60, rates, binds }
}

/** The slowest cold read with which `builds` are still done in `minutes`. */
export function slowestColdRead(builds: number, minutes: number, parts: Parts): number {
  let [low, high] = [0, 60_000]
  while (high - low > 1) {
    const middle = (low + high) / 2
    const fits = project(builds, { ...parts, cold_read_ms: middle }).minutes <= minutes
    if (fits) low = middle
    else high = middle
  }
  return Math.floor(low)
}
