export { type Hyperdrive, startHyperdrive } from './start.ts'
