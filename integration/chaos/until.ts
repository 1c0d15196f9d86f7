import { setTimeout as pause } from 'node:timers/promises'

const PAUSE_MS = 300
const PATIENCE_MS = 180_000

/** Asks again and again, while what is asked is down; throws what it said last after minutes. */
export async function untilAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (Date.now() > end) throw error
      await pause(PAUSE_MS)
    }
  }
}
