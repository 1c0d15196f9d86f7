export { RESET_STATEMENTS } from './protocol.ts'
export { type Hyperdrive, startHyperdrive } from './start.ts'
