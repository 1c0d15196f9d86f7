export * from './kill-processes.ts'
export * from './list-processes.ts'
export * from './select-processes.ts'
