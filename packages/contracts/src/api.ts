/** What the REST API answers, with the field names of Workers Builds. Dates are ISO 8601 strings. */
import { z } from 'zod'
import { DetectedError, Fault, ScanOutcome } from './detection.ts'
import { FailureReason } from './failure-reasons.ts'
import { AccountId, BuildUuid, ScriptTag } from './ids.ts'
import { BuildOutcome, BuildStatus, SkipReason } from './lifecycle.ts'

const IsoDate = z.iso.datetime()

export const ProviderType = z.enum(['github', 'gitlab', 'gitlab_internal', 'origin'])
export type ProviderType = z.infer<typeof ProviderType>

export const RepoConnection = z.object({
  repo_connection_uuid: z.uuid(),
  repo_id: z.string(),
  repo_name: z.string(),
  provider_type: ProviderType,
  provider_account_id: z.string(),
  provider_account_name: z.string(),
  created_on: IsoDate,
  modified_on: IsoDate,
  deleted_on: IsoDate.nullable(),
})
export type RepoConnection = z.infer<typeof RepoConnection>

export const Trigger = z.object({
  trigger_uuid: z.uuid(),
  external_script_id: ScriptTag,
  trigger_name: z.string(),
  build_command: z.string(),
  deploy_command: z.string(),
  root_directory: z.string(),
  branch_includes: z.array(z.string()),
  branch_excludes: z.array(z.string()),
  path_includes: z.array(z.string()),
  path_excludes: z.array(z.string()),
  build_caching_enabled: z.boolean(),
  created_on: IsoDate,
  modified_on: IsoDate,
  deleted_on: IsoDate.nullable(),
  repo_connection: RepoConnection,
})
export type Trigger = z.infer<typeof Trigger>

/** Variables by name; the value of a secret is never told. */
export const EnvironmentVariables = z.record(
  z.string(),
  z.object({ is_secret: z.boolean(), created_on: IsoDate, value: z.string().nullable() }),
)
export type EnvironmentVariables = z.infer<typeof EnvironmentVariables>

/** The settings that a build runs with, kept with it as they were when it was queued. */
export const BuildSettings = z.object({
  build_command: z.string(),
  deploy_command: z.string(),
  root_directory: z.string(),
  build_token_uuid: z.string(),
  build_token_name: z.string(),
  environment_variables: EnvironmentVariables,
  repo_name: z.string(),
  provider_account_name: z.string(),
  provider_type: ProviderType,
})
export type BuildSettings = z.infer<typeof BuildSettings>

export const BuildTriggerMetadata = BuildSettings.extend({
  build_trigger_source: z.string(),
  branch: z.string(),
  commit_hash: z.string(),
  commit_message: z.string(),
  author: z.string(),
})
export type BuildTriggerMetadata = z.infer<typeof BuildTriggerMetadata>

export const Build = z.object({
  build_uuid: BuildUuid,
  status: BuildStatus,
  build_outcome: BuildOutcome.nullable(),
  /** Not told by Workers Builds: why a failed build failed. */
  failure_reason: FailureReason.nullable(),
  /** Not told by Workers Builds: why a skipped build was skipped. */
  skip_reason: SkipReason.nullable(),
  created_on: IsoDate,
  modified_on: IsoDate,
  initializing_on: IsoDate.nullable(),
  running_on: IsoDate.nullable(),
  stopped_on: IsoDate.nullable(),
  trigger: Trigger,
  build_trigger_metadata: BuildTriggerMetadata,
  /** Not told by Workers Builds: the version of the Worker that the build uploaded. */
  version_id: z.uuid().nullable(),
  /** Where that version can be seen, when it has such an address. */
  preview_url: z.url().optional(),
  pull_request: z.null(),
  /** The hook that started the build. */
  deploy_hook: z.object({ deploy_hook_name: z.string() }).nullable(),
})
export type Build = z.infer<typeof Build>

/** `GET …/builds/:build_uuid/logs`. `truncated`: more lines can be read now, from `cursor`. */
export const BuildLogs = z.object({
  lines: z.array(z.tuple([z.int(), z.string()])),
  cursor: z.string().optional(),
  truncated: z.boolean(),
})
export type BuildLogs = z.infer<typeof BuildLogs>

/** `PUT …/builds/:build_uuid/cancel` */
export const CancelledBuild = z.object({
  build_uuid: BuildUuid,
  build_outcome: BuildOutcome.nullable(),
  stopped_on: IsoDate.nullable(),
})
export type CancelledBuild = z.infer<typeof CancelledBuild>

/** What a person is told of an error, besides what it is. */
const Explained = {
  title: z.string(),
  fix: z.string().nullable(),
  docs_url: z.string().nullable(),
}

/** `GET …/builds/:build_uuid/errors`: `scan` is null until the build has been looked at. */
export const BuildErrors = z.object({
  scan: z
    .object({
      outcome: ScanOutcome,
      detector_version: z.int(),
      lines_read: z.int(),
      scanned_on: IsoDate,
    })
    .nullable(),
  /** Root cause first. */
  errors: z.array(DetectedError.extend(Explained)),
})
export type BuildErrors = z.infer<typeof BuildErrors>

/** A build in which a failure was seen, or was not seen. */
const SeenBuild = z.object({
  build_uuid: BuildUuid,
  branch: z.string(),
  commit_hash: z.string(),
  stopped_on: IsoDate,
})

/**
 * `GET …/workers/:script_tag/errors`: why the Worker's newest builds failed, the latest failure
 * first. Only builds that ran to an end, and of those that failed only scanned ones, are looked at.
 */
export const WorkerErrors = z.object({
  /** Null: all branches. */
  branches: z.array(z.string()).nullable(),
  errors: z.array(
    z.object({
      error_code: z.string(),
      cause: z.string(),
      error_group: z.string(),
      fault: Fault,
      build_count: z.int(),
      first_seen: SeenBuild,
      last_seen: SeenBuild,
      /** Up to `last_seen`, without a build between them that did not fail in this way. */
      builds_in_a_row: z.int().positive(),
      in_a_row_since: SeenBuild,
      /** The newest build still fails with it. */
      is_current: z.boolean(),
      /** The last build that succeeded before `in_a_row_since`. */
      last_good: SeenBuild.nullable(),
      ...Explained,
    }),
  ),
})
export type WorkerErrors = z.infer<typeof WorkerErrors>

/** `GET …/builds/errors`: why most builds of the account failed. */
export const AccountErrors = z.object({
  from: IsoDate,
  to: IsoDate,
  errors: z.array(
    z.object({
      error_code: z.string(),
      cause: z.string(),
      error_group: z.string(),
      fault: Fault,
      build_count: z.int(),
      worker_count: z.int(),
      last_seen_on: IsoDate,
      last_build_uuid: BuildUuid,
      ...Explained,
    }),
  ),
})
export type AccountErrors = z.infer<typeof AccountErrors>

/**
 * `GET /internal/build-errors/top`: how many builds stopped with each error. Groups that too few
 * accounts share are added up in one row a code and cause, with `error_group` null.
 */
export const TopBuildErrors = z.object({
  from: IsoDate,
  to: IsoDate,
  errors: z.array(
    z.object({
      error_code: z.string(),
      cause: z.string(),
      error_group: z.string().nullable(),
      build_count: z.int(),
      account_count: z.int(),
      last_seen_on: IsoDate,
      /** Null where builds differ. */
      fault: Fault.nullable(),
    }),
  ),
})
export type TopBuildErrors = z.infer<typeof TopBuildErrors>

/**
 * `GET /internal/build-errors/trend`: how many builds had an error of this code, of one cause of it,
 * or of one group, over time. Intervals without one are told too.
 */
export const BuildErrorTrend = z.object({
  from: IsoDate,
  to: IsoDate,
  interval: z.enum(['hour', 'day', 'week']),
  error_code: z.string(),
  cause: z.string().nullable(),
  error_group: z.string().nullable(),
  build_count: z.int(),
  account_count: z.int(),
  first_seen_on: IsoDate,
  last_seen_on: IsoDate,
  buckets: z.array(z.object({ starts_on: IsoDate, build_count: z.int(), account_count: z.int() })),
})
export type BuildErrorTrend = z.infer<typeof BuildErrorTrend>

/**
 * `GET /internal/build-errors/new`: groups that no build had before, and groups that are several
 * times as frequent as before. Those that too few accounts share are left out.
 */
export const NewBuildErrors = z.object({
  since: IsoDate,
  to: IsoDate,
  errors: z.array(
    z.object({
      error_code: z.string(),
      cause: z.string(),
      error_group: z.string(),
      /** Nobody had it before `since`; else it is more frequent than before. */
      is_new: z.boolean(),
      build_count: z.int(),
      account_count: z.int(),
      /** Builds in the time before `since`, which is four times as long as the time after. */
      build_count_before: z.int(),
      first_seen_on: IsoDate,
      last_seen_on: IsoDate,
    }),
  ),
})
export type NewBuildErrors = z.infer<typeof NewBuildErrors>

/**
 * `GET /internal/build-errors/unclassified`: what no signature explains yet, like put with like,
 * largest first. Nothing that too few accounts share is shown; `hidden` says how much that is.
 */
export const UnclassifiedBuildErrors = z.object({
  from: IsoDate,
  to: IsoDate,
  clusters: z.array(
    z.object({
      /** The words that the groups have in common. */
      template: z.string(),
      build_count: z.int(),
      account_count: z.int(),
      groups: z.array(z.object({ error_group: z.string(), build_count: z.int() })),
      /** What to add to the knowledge base; its cause is for a person to say. */
      proposed_signature: z.object({ message: z.string(), examples: z.array(z.string()) }),
    }),
  ),
  hidden: z.object({ cluster_count: z.int(), build_count: z.int() }),
})
export type UnclassifiedBuildErrors = z.infer<typeof UnclassifiedBuildErrors>

/** What a trigger makes of a push, and why. */
export const TriggerDecision = z.object({
  trigger_uuid: z.uuid(),
  script_name: z.string(),
  /** `none`: the trigger does not build this branch, and there is no build that says so. */
  decision: z.enum(['build', 'skip', 'none']),
  build_uuid: BuildUuid.nullable(),
  skip_reason: SkipReason.nullable(),
  reason: z.string(),
})
export type TriggerDecision = z.infer<typeof TriggerDecision>

/** `POST /webhooks/…`: what came of a delivery. */
export const WebhookResult = z.object({
  event: z.string(),
  /** The delivery was seen before; the rest is what came of it then. */
  duplicate: z.boolean(),
  /** The builds that were queued. */
  build_uuids: z.array(BuildUuid),
  /** Why none was queued, when none was. */
  ignored: z.string().nullable(),
  /** Of a push: each trigger of the repository. */
  decisions: z.array(TriggerDecision),
})
export type WebhookResult = z.infer<typeof WebhookResult>

/** `GET …/repos/connections/:repo_connection_uuid/deliveries`: a webhook, newest first. */
export const WebhookDeliveryView = z.object({
  delivery_id: z.string(),
  event: z.string(),
  received_on: IsoDate,
  /** Null of one that was taken before results were kept. */
  result: WebhookResult.omit({ event: true, duplicate: true }).nullable(),
})
export type WebhookDeliveryView = z.infer<typeof WebhookDeliveryView>

/** What an API token may do: read or write per account, and the cross-account views or not. */
export const TokenPermission = z.enum(['read', 'write'])
export type TokenPermission = z.infer<typeof TokenPermission>

export const Caller = z.object({
  token_name: z.string(),
  is_platform: z.boolean(),
  accounts: z.array(z.object({ account_id: AccountId, permission: TokenPermission })),
})
export type Caller = z.infer<typeof Caller>
