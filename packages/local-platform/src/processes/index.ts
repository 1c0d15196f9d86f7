export { endProcess, isRunning, sendSignal } from './process.ts'
export { AlreadyRunningError, openRunRecord, type RunRecord } from './run-record.ts'
export { ShutdownError, shutdownSignal } from './shutdown.ts'
