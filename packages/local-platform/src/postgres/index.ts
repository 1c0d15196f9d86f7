export { createDatabaseFrom, dropDatabase, waitForPostgres } from './connection.ts'
export { removePostgres } from './remove.ts'
export { type RunningPostgres, startPostgres } from './start.ts'
export { startTemporaryPostgres } from './temporary.ts'
