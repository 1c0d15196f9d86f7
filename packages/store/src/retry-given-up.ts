/** Postgres' codes for a transaction that was given up so that another could go on. */
const GIVEN_UP = new Set(['40001', '40P01'])
const ATTEMPTS = 3

/** What `attempt` gives; it is made again when Postgres gave it up, and throws the last time. */
export async function retryGivenUp<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let left = ATTEMPTS - 1; ; left--) {
    try {
      return await attempt()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (left === 0 || !GIVEN_UP.has(code)) throw error
    }
  }
}
