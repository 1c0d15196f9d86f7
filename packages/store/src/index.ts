export type { AccessIdentity } from './access-identities.ts'
export type { BackfillBuilds } from './backfills.ts'
export type { BuildScan, BuildToScan, ScanRow } from './build-error-scans.ts'
export type { StoredError, UnclassifiedCount } from './build-errors.ts'
export type { CompletionRow } from './builds.completion.ts'
export type { BuildToStart, OverdueBuild } from './builds.schedule.ts'
export type { BuildRow, NewBuild, PushRow } from './builds.ts'
export type { Deletion, DeletionTarget } from './deletions.ts'
export {
  DEPLOY_HOOK_LIMITS,
  type DeployHookBuild,
  type DeployHookRow,
  type ListedDeployHookRow,
} from './deploy-hooks.ts'
export type { StoredVariable } from './environment-variables.ts'
export type { TopError } from './error-counts/top.ts'
export type { AccountTopError, WorkerError } from './error-recurrence.ts'
export type { DeliveryRow, DueDelivery, EventTry } from './event-deliveries.ts'
export type { EventSubscriptionRow, EventSubscriptionSettings } from './event-subscriptions.ts'
export { type GitGrant, GitGrantKind } from './git-grants.ts'
export type { RepoConnectionRow } from './repo-connections.settings.ts'
export type { ConnectedRepository, DisconnectReason } from './repo-connections.ts'
export { type KeyringName, SEALED_COLUMNS } from './sealed-values.ts'
export { type ConnectOptions, connect, type Sql } from './sql.ts'
export { openStore, type Store, storeOn } from './store.ts'
export type { TriggerRow } from './triggers.settings.ts'
export type { TriggerForPush } from './triggers.ts'
export type { DeliveryResult, WebhookDelivery } from './webhook-deliveries.ts'
export type { WorkerRow } from './workers.ts'
