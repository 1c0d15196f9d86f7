/**
 * What the error codes of Postgres mean to us: the one place that knows them. Codes of five characters
 * are Postgres' own (its manual, appendix A); their first two are the class. Words are the codes of
 * postgres.js and of Node's sockets.
 */

/**
 * - `away`: the server cannot be reached or is not fit for work; nothing succeeds until it is back.
 * - `given_up`: Postgres ended the statement for the sake of others or of a limit, and it may succeed
 *   when it is tried again.
 * - `overtaken`: what was to be written contradicts what somebody else wrote at the same moment.
 * - `refused`: Postgres does not take this statement or these data; the next ones may be taken.
 */
export type PostgresTrouble = 'away' | 'given_up' | 'overtaken' | 'refused'

/** Codes of postgres.js and of sockets that say that there is no connection. */
const NO_CONNECTION = new Set([
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'ECONNREFUSED',
  'ECONNRESET',
])

/** What a code of Postgres begins with; every other code is a refusal. */
const TROUBLES = {
  // Connection exceptions.
  '08': 'away',
  // No disk, memory or connection to spare.
  '53': 'away',
  // An operator or the server itself ended the connection: shutting down, crashed, starting up.
  '57P': 'away',
  // Outside of Postgres: its disk, and all of Hyperdrive's own errors.
  '58': 'away',

  // The transaction was rolled back: a deadlock, or no order in which all could have happened.
  '40': 'given_up',
  // The transaction was idle, or took, too long.
  '25P03': 'given_up',
  '25P04': 'given_up',
  // A lock was not to be had in time.
  '55P03': 'given_up',
  // The statement was cancelled: it took too long, or an operator ended it. The connection stays.
  '57014': 'given_up',

  // What it refers to is gone.
  '23503': 'overtaken',
  // It is there already.
  '23505': 'overtaken',
} as const satisfies Record<string, PostgresTrouble>

/** What kind of trouble with Postgres an error reports; undefined when it is no error of Postgres. */
export function troubleOf(error: unknown): PostgresTrouble | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  const { code } = error
  if (NO_CONNECTION.has(String(code))) return 'away'
  if (!isPostgresError(error)) return undefined
  const known = Object.entries(TROUBLES).find(([prefix]) => String(code).startsWith(prefix))
  return known?.[1] ?? 'refused'
}

/**
 * Whether Postgres rolled a transaction back so that another could go on: it may be done over at once,
 * whereas one that took too long would only take as long again.
 */
export function isRollback(error: unknown): boolean {
  return isPostgresError(error) && error.code.startsWith('40')
}

/** By a field that only the server sets: a bundler may rename the class. */
function isPostgresError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'severity' in error && 'code' in error
}
