export { observeDurableObject, observeEntrypoint, observeWorker, reportError } from './sentry.ts'
