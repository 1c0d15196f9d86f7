/** What a subscriber receives: an event in the shape of Cloudflare's event subscriptions. Pure. */
import {
  BUILD_EVENT_TYPE_PREFIX,
  type EventRootCause,
  type PublishedBuildEvent,
} from '@workers-builds/contracts'
import { explanationOf } from '@workers-builds/error-detection'
import type { DueDelivery, EventSubscriptionRow } from '@workers-builds/store'

/** The build of a test event; it does not exist. */
const TEST_BUILD: NonNullable<DueDelivery['build']> = {
  build_uuid: '00000000-0000-4000-8000-000000000000',
  script_name: 'my-worker',
  build_trigger_source: 'push_event',
  branch: 'main',
  commit_hash: '0'.repeat(40),
  commit_message: 'This event is a test',
  author: 'octocat',
  settings: {
    build_command: 'npm run build',
    deploy_command: 'npx wrangler deploy',
    root_directory: '/',
    clone_depth: 1,
    clone_submodules: true,
    clone_repositories: [],
    network: 'full',
    build_token_uuid: '',
    build_token_name: '',
    environment_variables: {},
    repo_name: 'my-worker',
    provider_account_name: 'octocat',
    provider_type: 'github',
  },
}

export function composeEvent(
  delivery: DueDelivery,
  subscription: Pick<EventSubscriptionRow, 'event_subscription_id' | 'script_name'>,
): PublishedBuildEvent {
  const isTest = delivery.build === null
  const build = delivery.build ?? {
    ...TEST_BUILD,
    script_name: subscription.script_name ?? TEST_BUILD.script_name,
  }
  const { settings } = build
  return {
    type: `${BUILD_EVENT_TYPE_PREFIX}${delivery.event}`,
    source: { type: 'workersBuilds.worker', workerName: build.script_name },
    payload: {
      buildUuid: build.build_uuid,
      status: delivery.status,
      buildOutcome: delivery.build_outcome,
      createdAt: delivery.build_created_on.toISOString(),
      initializingAt: delivery.initializing_on?.toISOString() ?? null,
      runningAt: delivery.running_on?.toISOString() ?? null,
      stoppedAt: delivery.stopped_on?.toISOString() ?? null,
      // Field by field: the settings hold variables too, which are not published.
      buildTriggerMetadata: {
        buildTriggerSource: build.build_trigger_source,
        branch: build.branch,
        commitHash: build.commit_hash,
        commitMessage: build.commit_message,
        author: build.author,
        buildCommand: settings.build_command,
        deployCommand: settings.deploy_command,
        rootDirectory: settings.root_directory,
        repoName: settings.repo_name,
        providerAccountName: settings.provider_account_name,
        providerType: settings.provider_type,
      },
      ...(delivery.event === 'build.failed' && { rootCause: rootCause(delivery) }),
    },
    metadata: {
      accountId: delivery.account_id,
      eventSubscriptionId: subscription.event_subscription_id,
      eventSchemaVersion: 1,
      eventTimestamp: delivery.happened_on.toISOString(),
      eventId: delivery.event_uuid,
      ...(isTest && { test: true }),
    },
  }
}

function rootCause({ root_cause: error }: DueDelivery): EventRootCause | null {
  if (error === null) return null
  const explanation = explanationOf(error)
  return {
    errorCode: error.error_code,
    errorGroup: error.error_group,
    cause: error.cause,
    fault: error.fault,
    step: error.step,
    title: explanation?.title ?? error.cause.replaceAll('_', ' '),
    fix: explanation?.fix ?? null,
    docsUrl: explanation?.docs_url ?? null,
    lineNumber: error.line === null ? null : error.line + 1,
    line: error.line,
  }
}
