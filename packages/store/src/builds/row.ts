import {
  BuildOutcome,
  BuildSettings,
  BuildStatus,
  BuildUuid,
  FailureReason,
  ProviderType,
  SkipReason,
} from '@workers-builds/contracts'
import { z } from 'zod'

const JsonDate = z.coerce.date()

/** A build with its trigger and repository, as the API shows it. */
export const BuildRow = z.object({
  build_id: z.int(),
  build_uuid: BuildUuid,
  account_id: z.string(),
  script_tag: z.string(),
  status: BuildStatus,
  build_outcome: BuildOutcome.nullable(),
  failure_reason: FailureReason.nullable(),
  skip_reason: SkipReason.nullable(),
  claimed_on: z.date().nullable(),
  created_on: z.date(),
  modified_on: z.date(),
  initializing_on: z.date().nullable(),
  running_on: z.date().nullable(),
  stopped_on: z.date().nullable(),
  log_deleted_on: z.date().nullable(),
  build_trigger_source: z.string(),
  branch: z.string(),
  commit_hash: z.string(),
  commit_message: z.string(),
  author: z.string(),
  settings: BuildSettings,
  version_id: z.uuid().nullable(),
  preview_url: z.string().nullable(),
  /** The hook that started it; its name stays when it is deleted. */
  deploy_hook_name: z.string().nullable(),
  trigger: z.object({
    trigger_uuid: z.uuid(),
    trigger_name: z.string(),
    build_command: z.string(),
    deploy_command: z.string(),
    root_directory: z.string(),
    branch_includes: z.array(z.string()),
    branch_excludes: z.array(z.string()),
    path_includes: z.array(z.string()),
    path_excludes: z.array(z.string()),
    build_caching_enabled: z.boolean(),
    created_on: JsonDate,
    modified_on: JsonDate,
    deleted_on: JsonDate.nullable(),
  }),
  repo_connection: z.object({
    repo_connection_uuid: z.uuid(),
    repo_id: z.string(),
    repo_name: z.string(),
    provider_type: ProviderType,
    provider_account_id: z.string(),
    provider_account_name: z.string(),
    created_on: JsonDate,
    modified_on: JsonDate,
    deleted_on: JsonDate.nullable(),
  }),
})
export type BuildRow = z.infer<typeof BuildRow>
