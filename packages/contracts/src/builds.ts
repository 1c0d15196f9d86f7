/** Builds as the API shows them, with the field names of Workers Builds. */
import { z } from 'zod'
import { EnvironmentVariables } from './environment-variables.ts'
import { FailureReason } from './failure-reasons.ts'
import { IsoDate } from './fields.ts'
import { BuildUuid } from './ids.ts'
import { BuildOutcome, BuildStatus, SkipReason } from './lifecycle.ts'
import { Step } from './log.ts'
import { Repository } from './repo-connections.ts'
import { BuildNetwork, DEFAULT_CLONE, Trigger, TriggerSettings } from './triggers.ts'
import { BuildUsage } from './usage.ts'

/**
 * The settings that a build runs with, kept with it: those of the moment when it started, and until
 * then those of its queueing.
 */
export const BuildSettings = TriggerSettings.pick({
  build_command: true,
  deploy_command: true,
  root_directory: true,
}).extend({
  /** Builds from before these settings existed have none of them. */
  clone_depth: TriggerSettings.shape.clone_depth.default(DEFAULT_CLONE.clone_depth),
  clone_submodules: z.boolean().default(DEFAULT_CLONE.clone_submodules),
  clone_repositories: TriggerSettings.shape.clone_repositories.default([]),
  network: BuildNetwork.default('full'),
  build_token_uuid: z.string(),
  build_token_name: z.string(),
  environment_variables: EnvironmentVariables,
  ...Repository.pick({ repo_name: true, provider_account_name: true, provider_type: true }).shape,
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
  /** Not a field of Workers Builds: why a failed build failed. */
  failure_reason: FailureReason.nullable(),
  /** Not a field of Workers Builds: why a skipped build was skipped. */
  skip_reason: SkipReason.nullable(),
  created_on: IsoDate,
  modified_on: IsoDate,
  initializing_on: IsoDate.nullable(),
  running_on: IsoDate.nullable(),
  stopped_on: IsoDate.nullable(),
  trigger: Trigger,
  build_trigger_metadata: BuildTriggerMetadata,
  /** Not a field of Workers Builds: the version of the Worker that the build uploaded. */
  version_id: z.uuid().nullable(),
  /** Where that version can be seen, when it has such an address. */
  preview_url: z.url().optional(),
  /**
   * Not a field of Workers Builds: what is worth a look although the build may have succeeded, such as a
   * tool that npx downloaded since the lockfile does not pin it.
   */
  warnings: z.array(z.string()),
  /**
   * Not a field of Workers Builds: what the build used of its container; null until it has stopped, and
   * where builds run on a host or it got no container.
   */
  usage: BuildUsage.nullable(),
  pull_request: z.null(),
  /** The hook that started the build. */
  deploy_hook: z.object({ deploy_hook_name: z.string() }).nullable(),
})
export type Build = z.infer<typeof Build>

/** `GET …/builds/:build_uuid` */
export const BuildDetails = Build.extend({
  /** Not a field of Workers Builds: what was done so far, in order. */
  steps: z.array(
    z.object({
      step: Step,
      started_on: IsoDate,
      ended_on: IsoDate.nullable(),
      exit_code: z.int().nullable(),
    }),
  ),
})
export type BuildDetails = z.infer<typeof BuildDetails>

/**
 * `GET …/builds/search`, newest first. `cursor`: builds that are older may be found from there on, also
 * when this page has fewer than were asked for; null when all were looked at.
 */
export const FoundBuilds = z.object({ builds: z.array(Build), cursor: z.string().nullable() })
export type FoundBuilds = z.infer<typeof FoundBuilds>

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

const SeedRepo = z.strictObject({
  provider: z.enum(['github', 'gitlab']),
  owner: z.string().min(1).max(256),
  repository: z.string().min(1).max(256),
  branch: z.string().max(256).optional(),
  path: z.string().max(256).optional(),
  files: z
    .array(
      z.strictObject({
        filename: z.string().min(1).max(256),
        content: z.string(),
        isBase64: z.boolean().default(false),
        replace: z.string().optional(),
      }),
    )
    .max(2)
    .optional(),
})

/**
 * `POST …/triggers/:trigger_uuid/builds`: a branch as it is now, or a commit. A commit without a branch
 * is built with `WORKERS_CI_BRANCH` empty, and beside no other build of the trigger.
 */
export const CreateManualBuild = z
  .strictObject({
    branch: z.string().min(1).max(256).optional(),
    commit_hash: z
      .string()
      .regex(/^[0-9a-f]{7,64}$/, 'expected 7 to 64 lower-case hex digits')
      .optional(),
    seed_repo: SeedRepo.optional(),
  })
  .refine(({ branch, commit_hash }) => branch !== undefined || commit_hash !== undefined, {
    path: ['branch'],
    error: 'give a branch, a commit_hash, or both',
  })
  .meta({ id: 'CreateManualBuild' })
export type CreateManualBuild = z.infer<typeof CreateManualBuild>
