/**
 * Turns at something scarce. Each key has a few at once, and what comes on top waits in a line of its
 * own: requests of one caller wait for each other, nobody else's for them.
 *
 * In a Worker no request can be woken by another, nor run its work, as the queues of libraries do. So
 * who waits looks again after a while: the first in line soon, the others later.
 */
export type TurnLimits = {
  /** Turns of one key at once. */
  at_once: number
  /** Most that wait for a turn of one key; more are refused. */
  waiting: number
  /** The longest wait. */
  wait_ms: number
  /** A turn held for longer was lost: its request was stopped and will never end it. */
  turn_ms: number
}

/** Ends a turn; a second call changes nothing. */
export type EndTurn = () => void

/** Since when, in ms. */
type Since = Map<symbol, number>
type Line = { turns: Since; waiting: Since }

/** How soon the first in line looks again, how much later each one behind it, and the latest. */
const LOOK_MS = { first: 10, next: 4, last: 500 }

export function createTurns({ at_once, waiting, wait_ms, turn_ms }: TurnLimits) {
  const lines = new Map<string, Line>()

  function hasRoom(line: Line): boolean {
    forget(line.turns, turn_ms)
    return line.turns.size < at_once
  }

  function begin(key: string, line: Line): EndTurn {
    const turn = Symbol()
    line.turns.set(turn, Date.now())
    return () => {
      line.turns.delete(turn)
      if (line.turns.size === 0 && line.waiting.size === 0) lines.delete(key)
    }
  }

  async function wait(key: string, line: Line): Promise<EndTurn | undefined> {
    const place = Symbol()
    const since = Date.now()
    line.waiting.set(place, since)
    try {
      while (Date.now() - since < wait_ms) {
        const ahead = [...line.waiting.keys()].indexOf(place)
        await scheduler.wait(Math.min(LOOK_MS.first + ahead * LOOK_MS.next, LOOK_MS.last))
        if (hasRoom(line)) return begin(key, line)
      }
      return undefined
    } finally {
      line.waiting.delete(place)
    }
  }

  return {
    /** Resolves when it is this request's turn; with undefined when too many wait, or for too long. */
    async take(key: string): Promise<EndTurn | undefined> {
      const line: Line = lines.get(key) ?? { turns: new Map(), waiting: new Map() }
      lines.set(key, line)
      forget(line.waiting, 2 * wait_ms)
      if (hasRoom(line) && line.waiting.size === 0) return begin(key, line)
      return line.waiting.size < waiting ? await wait(key, line) : undefined
    },
  }
}

/** Drops what began more than `ms` ago. */
function forget(since: Since, ms: number): void {
  const oldest = Date.now() - ms
  for (const [key, began_on] of since) if (began_on < oldest) since.delete(key)
}
