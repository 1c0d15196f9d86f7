import { setTimeout as delay } from 'node:timers/promises'

export interface WaitOptions {
  timeoutMs?: number
  /** Between one look and the next. */
  pauseMs?: number
  /** For something that is down at times: an error counts as nothing found. */
  ignoreErrors?: boolean
  /** Its abort ends the wait with its reason. */
  signal?: AbortSignal | undefined
}

/**
 * Calls `look` until it finds something, which is whatever is not undefined or false, and returns
 * that. Throws after `timeoutMs`, and names `what` was expected and the last error.
 */
export async function waitFor<Found>(
  what: string,
  look: () => Promise<Found | undefined | false>,
  { timeoutMs = 90_000, pauseMs = 100, ignoreErrors = false, signal }: WaitOptions = {},
): Promise<Found> {
  const deadline = Date.now() + timeoutMs
  let cause: unknown
  do {
    signal?.throwIfAborted()
    try {
      const found = await look()
      if (found !== undefined && found !== false) return found
      cause = undefined
    } catch (error) {
      if (!ignoreErrors) throw error
      cause = error
    }
    await delay(pauseMs, undefined, { signal }).catch(() => signal?.throwIfAborted())
  } while (Date.now() < deadline)
  const reason = cause instanceof Error ? `: ${cause.message}` : ''
  throw new Error(`Waited ${timeoutMs} ms for ${what}${reason}`, { cause })
}

/**
 * Calls `look` until `isDone` accepts its result, or `timeoutMs` has passed. Returns the last
 * result either way: for whoever counts what is not done.
 */
export async function lookUntil<Result>(
  look: () => Promise<Result> | Result,
  isDone: (result: Result) => boolean,
  { timeoutMs, pauseMs }: { timeoutMs: number; pauseMs: number },
): Promise<Result> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const result = await look()
    if (isDone(result) || Date.now() > deadline) return result
    await delay(pauseMs)
  }
}
