export { deliverWebhook } from './deliver.ts'
export { prepareRepository } from './repository.ts'
export { type RunningGitHost, startGitHost } from './server.ts'
export { readWebhookSettings, StackAddress, WebhookSettings } from './webhook-settings.ts'
