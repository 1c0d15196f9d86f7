export { prepareRepository } from './repository.ts'
export { type RunningGitHost, startGitHost } from './server.ts'
export { StackAddress, WebhookSettings } from './webhook-settings.ts'
