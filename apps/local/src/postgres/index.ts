export { createDatabaseFrom, waitForPostgres } from './connection.ts'
export { type RunningPostgres, startPostgres } from './start.ts'
export { startTemporaryPostgres } from './temporary.ts'
