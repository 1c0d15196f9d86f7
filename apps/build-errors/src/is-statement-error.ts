import { troubleOf } from '@workers-builds/store'

/** Whether an error is about one statement and its data alone, so that others may still succeed. */
export function isStatementError(error: unknown): boolean {
  const trouble = troubleOf(error)
  return trouble !== undefined && trouble !== 'away'
}
