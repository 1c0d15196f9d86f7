import {
  BuildOutcome,
  BuildSettings,
  BuildStatus,
  BuildUsage,
  BuildUuid,
  FailureReason,
  RepoConnection,
  SkipReason,
  Trigger,
} from '@workers-builds/contracts'
import { z } from 'zod'
import { JsonRowDates } from '../row-dates.ts'

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
  warnings: z.array(z.string()),
  usage: BuildUsage.nullable(),
  /** The hook that started it; its name stays when it is deleted. */
  deploy_hook_name: z.string().nullable(),
  trigger: Trigger.omit({ external_script_id: true, repo_connection: true }).extend(JsonRowDates),
  repo_connection: RepoConnection.extend(JsonRowDates),
})
export type BuildRow = z.infer<typeof BuildRow>
