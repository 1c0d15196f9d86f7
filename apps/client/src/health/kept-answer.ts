/**
 * Caches the answer to a costly question for a while. While one caller fetches a new answer, the
 * others get the last one: a request cannot wait for what another request does.
 */
export function createKeptAnswer<Answer>({ kept_ms }: { kept_ms: number }) {
  let last: { answer: Answer; asked_on: number } | undefined
  /** When the question was last asked; a request that died while asking is not waited for. */
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
