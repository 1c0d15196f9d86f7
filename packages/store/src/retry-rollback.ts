import { isRollback } from '@workers-builds/postgres-protocol/trouble'

const ATTEMPTS = 3

/**
 * What `attempt` returns. It is made again when Postgres rolled it back so that another transaction
 * could go on; the last time it throws.
 */
export async function retryRollback<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let attemptsLeft = ATTEMPTS - 1; ; attemptsLeft--) {
    try {
      return await attempt()
    } catch (error) {
      if (attemptsLeft === 0 || !isRollback(error)) throw error
    }
  }
}
