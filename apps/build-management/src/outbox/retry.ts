/** When to try again what could not be delivered. Pure. */
import { growingPause } from '../back-off.ts'

/** In seconds, four times as long after each failure: 5 s, 20 s, 80 s … up to half a day. */
const DELAY = { first: 5, growth: 4, longest: 12 * 60 * 60 }
/** With these, the last try is about three days after the first. */
export const MOST_ATTEMPTS = 13
/** The share that chance adds or takes off, so that what failed together is not retried together. */
const JITTER = 0.2
/** A receiver may ask for a longer pause, but not for any. */
const LONGEST_ASKED_SECONDS = 24 * 60 * 60

/** After how many seconds try number `attempts` is followed by another one; null: it was the last. */
export function retrySeconds({
  attempts,
  retryAfter,
  random,
}: {
  attempts: number
  /** The Retry-After header that was answered. */
  retryAfter: string | null
  /** 0 … 1 */
  random: number
}): number | null {
  if (attempts >= MOST_ATTEMPTS) return null
  const delay = growingPause(attempts, DELAY)
  const jittered = delay * (1 - JITTER + 2 * JITTER * random)
  const asked = /^\d{1,9}$/.test(retryAfter ?? '') ? Number(retryAfter) : 0
  return Math.max(jittered, Math.min(asked, LONGEST_ASKED_SECONDS))
}
