/**
 * A limit of concurrency by key. Each key has a few slots; what comes on top waits in a queue of that
 * key: requests of one caller wait for each other, nobody else's for them.
 *
 * In a Worker no request can be woken by another, nor run its work, as the queues of libraries do. So
 * who waits looks again after a while: the first of a queue soon, the others later.
 */
export type ConcurrencyLimits = {
  /** Slots of one key. */
  concurrency: number
  /** Most that wait for a slot of one key; more are refused. */
  queue_length: number
  /** The longest wait. */
  wait_ms: number
  /** A slot held for longer was lost: its request was stopped and will never release it. */
  hold_ms: number
}

/** Releases a slot; a second call changes nothing. */
export type Release = () => void

/** Since when, in ms. */
type Since = Map<symbol, number>
type KeyState = { running: Since; waiting: Since }

/** How soon the first of a queue looks again, how much later each one behind it, and the latest. */
const LOOK_MS = { first: 10, next: 4, last: 500 }

export function createConcurrencyLimit({
  concurrency,
  queue_length,
  wait_ms,
  hold_ms,
}: ConcurrencyLimits) {
  const keys = new Map<string, KeyState>()

  function hasRoom(state: KeyState): boolean {
    forget(state.running, hold_ms)
    return state.running.size < concurrency
  }

  function begin(key: string, state: KeyState): Release {
    const slot = Symbol()
    state.running.set(slot, Date.now())
    return () => {
      state.running.delete(slot)
      if (state.running.size === 0 && state.waiting.size === 0) keys.delete(key)
    }
  }

  async function wait(key: string, state: KeyState): Promise<Release | undefined> {
    const place = Symbol()
    const since = Date.now()
    state.waiting.set(place, since)
    try {
      while (Date.now() - since < wait_ms) {
        const ahead = [...state.waiting.keys()].indexOf(place)
        await scheduler.wait(Math.min(LOOK_MS.first + ahead * LOOK_MS.next, LOOK_MS.last))
        if (hasRoom(state)) return begin(key, state)
      }
      return undefined
    } finally {
      state.waiting.delete(place)
    }
  }

  return {
    /** Resolves when a slot of `key` is free; with undefined when too many wait, or for too long. */
    async acquire(key: string): Promise<Release | undefined> {
      const state: KeyState = keys.get(key) ?? { running: new Map(), waiting: new Map() }
      keys.set(key, state)
      forget(state.waiting, 2 * wait_ms)
      if (hasRoom(state) && state.waiting.size === 0) return begin(key, state)
      return state.waiting.size < queue_length ? await wait(key, state) : undefined
    },
  }
}

/** Drops what began more than `ms` ago. */
function forget(since: Since, ms: number): void {
  const oldest = Date.now() - ms
  for (const [key, began_on] of since) if (began_on < oldest) since.delete(key)
}
