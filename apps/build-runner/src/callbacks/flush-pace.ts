/** Lines that come closer together than this (ms) leave together. */
const BURST_MS = 50

/** A burst that does not end is sent after this time (ms). */
const LONGEST_BURST_MS = 150

/** The gap between two flushes (ms) of a build that never stops writing. */
const LONGEST_GAP_MS = 940

/** Flushes that may follow each other at once after a quiet time; one is regained in `LONGEST_GAP_MS`. */
const MAX_CREDIT = 4

/**
 * When waiting lines are sent: at once after a quiet time, and the less often the longer a build goes on
 * writing. In any `t` ms there are at most `MAX_CREDIT + t / LONGEST_GAP_MS` flushes.
 *
 * Times are milliseconds of one clock that does not go back.
 */
export class FlushPace {
  #credit = MAX_CREDIT
  #flushedOn = Number.NEGATIVE_INFINITY

  /** From when on lines may leave of which the first and the last were written at these times. */
  dueOn({ first, last }: { first: number; last: number }): number {
    const gap = LONGEST_GAP_MS * Math.max(0, 1 - this.#credit)
    return Math.max(this.#flushedOn + gap, Math.min(last + BURST_MS, first + LONGEST_BURST_MS))
  }

  flushed(now: number): void {
    const regained = (now - this.#flushedOn) / LONGEST_GAP_MS
    this.#credit = Math.max(0, Math.min(MAX_CREDIT, this.#credit + regained) - 1)
    this.#flushedOn = now
  }
}
