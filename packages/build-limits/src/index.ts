export * from './disk-watch.ts'
export * from './limits.ts'
