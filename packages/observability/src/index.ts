export { checkParts, STARTING } from './check-parts.ts'
export { observeDurableObject, observeEntrypoint, observeWorker, reportError } from './sentry.ts'
export { within } from './within.ts'
