/** The parts of a stack, for those who put them together in another way. */
export { freePort } from './net/free-port.ts'
export { openRunRecord } from './processes/run-record.ts'
export { createGitHubApp } from './stack/github-app.ts'
export { openSecrets } from './stack/secrets.ts'
export { DEMO_PROJECT, seed } from './stack/seed.ts'
export { writeWorkerConfigs } from './stack/worker-configs.ts'
export { workerSettings } from './stack/worker-settings.ts'
export { type RunningWorkers, startWorkers } from './stack/workers.ts'
