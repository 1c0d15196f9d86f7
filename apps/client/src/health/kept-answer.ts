/**
 * Keeps the last answer to a costly question for a while. Who asks while somebody is finding a new
 * one gets the last one; there is no waiting for it, since a request may not wait for what another
 * request does.
 */
export function createKeptAnswer<Answer>({ kept_ms }: { kept_ms: number }) {
  let last: { answer: Answer; asked_on: number } | undefined
  /** When the question was last put; a request that died while it asked is not waited for. */
  let asked_on = Number.NEGATIVE_INFINITY

  return {
    async get(now: number, ask: () => Promise<Answer>): Promise<Answer> {
      if (last !== undefined && now - asked_on < kept_ms) return last.answer
      asked_on = now
      const answer = await ask()
      if (last === undefined || last.asked_on <= now) last = { answer, asked_on: now }
      return answer
    },
  }
}
