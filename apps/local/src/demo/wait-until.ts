const PAUSE_MS = 250

/**
 * Asks `probe` until it answers, until `signal` aborts, or until `deadline` (ms since the epoch)
 * has passed; then it throws, saying what was `expected`.
 */
export async function waitUntil<Answer>({
  expected,
  probe,
  deadline,
  signal,
}: {
  expected: string
  probe: () => Promise<Answer | undefined>
  deadline: number
  signal: AbortSignal
}): Promise<Answer> {
  for (;;) {
    signal.throwIfAborted()
    const answer = await probe()
    if (answer !== undefined) return answer
    if (Date.now() > deadline) throw new Error(`Waited too long for ${expected}`)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}
