/**
 * Classes of errors that are the server's own state: connection, resources, shutting down, and what
 * is outside of it, as Hyperdrive's own errors.
 */
const AWAY = /^(08|53|57|58)/

/** Whether the database took offence at what it was given, rather than not being there. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'PostgresError') return false
  return !('code' in error && AWAY.test(String(error.code)))
}
