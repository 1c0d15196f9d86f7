export { NoLogError, type WatchedBuild, watchLog } from './watch-log.ts'
