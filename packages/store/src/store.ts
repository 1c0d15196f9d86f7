import { type AccessIdentityStore, accessIdentityStore } from './access-identities.ts'
import { type AccountStore, accountStore } from './accounts.ts'
import { type ApiTokenStore, apiTokenStore } from './api-tokens.ts'
import { type BackfillStore, backfillStore } from './backfills.ts'
import { type BuildErrorScanStore, buildErrorScanStore } from './build-error-scans.ts'
import { type BuildErrorStore, buildErrorStore } from './build-errors.ts'
import { type BuildReportStore, buildReportStore } from './build-reports.ts'
import { type BuildTokenStore, buildTokenStore } from './build-tokens.ts'
import { type BuildStore, buildStore } from './builds/index.ts'
import { type DeletionStore, deletionStore } from './deletions/index.ts'
import { type DeployHookStore, deployHookStore } from './deploy-hooks.ts'
import { type EnvironmentVariableStore, environmentVariableStore } from './environment-variables.ts'
import { type ErrorCountStore, errorCountStore } from './error-counts/index.ts'
import { type ErrorRecurrenceStore, errorRecurrenceStore } from './error-recurrence.ts'
import { type EventDeliveryStore, eventDeliveryStore } from './event-deliveries.ts'
import { type EventSubscriptionStore, eventSubscriptionStore } from './event-subscriptions.ts'
import { type GitGrantStore, gitGrantStore } from './git-grants.ts'
import { type GitInstallationStore, gitInstallationStore } from './git-installations.ts'
import { type LogRetentionStore, logRetentionStore } from './log-retention.ts'
import { type MigrationStore, migrationStore } from './migrations.ts'
import { type RepoConnectionStore, repoConnectionStore } from './repo-connections/index.ts'
import { retryRollback } from './retry-rollback.ts'
import { type SealedValueStore, sealedValueStore } from './sealed-values.ts'
import { type ConnectOptions, connect, type Sql } from './sql.ts'
import { type TriggerStore, triggerStore } from './triggers/index.ts'
import { type WebhookDeliveryStore, webhookDeliveryStore } from './webhook-deliveries.ts'
import { type WorkerStore, workerStore } from './workers.ts'

/** What a transaction works with. */
export type SubStores = {
  accounts: AccountStore
  accessIdentities: AccessIdentityStore
  apiTokens: ApiTokenStore
  backfills: BackfillStore
  builds: BuildStore
  buildErrors: BuildErrorStore
  buildErrorScans: BuildErrorScanStore
  buildReports: BuildReportStore
  buildTokens: BuildTokenStore
  deletions: DeletionStore
  logRetention: LogRetentionStore
  deployHooks: DeployHookStore
  gitGrants: GitGrantStore
  gitInstallations: GitInstallationStore
  environmentVariables: EnvironmentVariableStore
  errorRecurrence: ErrorRecurrenceStore
  eventDeliveries: EventDeliveryStore
  eventSubscriptions: EventSubscriptionStore
  /** `buildErrors` across accounts, added up. */
  errorCounts: ErrorCountStore
  migrations: MigrationStore
  repoConnections: RepoConnectionStore
  sealedValues: SealedValueStore
  triggers: TriggerStore
  webhookDeliveries: WebhookDeliveryStore
  workers: WorkerStore
}

export type Store = SubStores & {
  /**
   * Runs `work` in one transaction, and rolls it back when it throws. When Postgres rolls it back in
   * favour of another one, `work` runs again, so it must change nothing but the store.
   */
  transaction<Result>(work: (store: SubStores) => Promise<Result>): Promise<Result>
  /** Whether the server answers. */
  ping(): Promise<void>
  /** Closes the connections. */
  end(): Promise<void>
}

/** Opens the store in the database at `databaseUrl`; connections are made when first used. */
export function openStore(databaseUrl: string, options: ConnectOptions = {}): Store {
  return storeOn(connect(databaseUrl, options))
}

/** The store on a client that the caller made and ends. */
export function storeOn(sql: Sql): Store {
  return {
    ...subStores(sql),
    transaction: (work) =>
      // postgres.js types a transaction's result as unwrapped; it hands back what `work` gives.
      retryRollback(
        () => sql.begin((tx) => work(subStores(tx as unknown as Sql))) as ReturnType<typeof work>,
      ),
    ping: async () => {
      await sql`select 1`
    },
    end: () => sql.end({ timeout: 5 }),
  }
}

function subStores(sql: Sql): SubStores {
  return {
    accounts: accountStore(sql),
    accessIdentities: accessIdentityStore(sql),
    apiTokens: apiTokenStore(sql),
    backfills: backfillStore(sql),
    builds: buildStore(sql),
    buildErrors: buildErrorStore(sql),
    buildErrorScans: buildErrorScanStore(sql),
    buildReports: buildReportStore(sql),
    buildTokens: buildTokenStore(sql),
    deletions: deletionStore(sql),
    logRetention: logRetentionStore(sql),
    deployHooks: deployHookStore(sql),
    gitGrants: gitGrantStore(sql),
    gitInstallations: gitInstallationStore(sql),
    environmentVariables: environmentVariableStore(sql),
    errorRecurrence: errorRecurrenceStore(sql),
    eventDeliveries: eventDeliveryStore(sql),
    eventSubscriptions: eventSubscriptionStore(sql),
    errorCounts: errorCountStore(sql),
    migrations: migrationStore(sql),
    repoConnections: repoConnectionStore(sql),
    sealedValues: sealedValueStore(sql),
    triggers: triggerStore(sql),
    webhookDeliveries: webhookDeliveryStore(sql),
    workers: workerStore(sql),
  }
}
