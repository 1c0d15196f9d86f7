export { RESET_STATEMENTS } from './server-connection.ts'
export { type Hyperdrive, startHyperdrive } from './start.ts'
