/**
 * How a Worker is built, as one thing: its production settings, and those of all other branches.
 * It is a view on the Worker's two triggers.
 */
import { z } from 'zod'
import { EnvironmentVariables, UpdateEnvironmentVariables } from './environment-variables.ts'
import { sentBack } from './fields.ts'
import { ScriptTag } from './ids.ts'
import { Repository, RepositoryInput } from './repo-connections.ts'
import { BuildNetwork, DEFAULT_CLONE, TriggerSettings, TriggerSettingsInput } from './triggers.ts'

const Branch = z
  .string()
  .min(1)
  .max(256)
  .refine((branch) => !branch.includes('*'), { error: 'names one branch, without *' })

/** What the name of a trigger and its branches are follows from what the trigger is for. */
const FOLLOWING = {
  trigger_name: true,
  branch_includes: true,
  branch_excludes: true,
  builds_enabled: true,
} as const

export const WorkerBuildSettings = TriggerSettings.omit(FOLLOWING).extend({
  environment_variables: EnvironmentVariables,
})
export type WorkerBuildSettings = z.infer<typeof WorkerBuildSettings>

const Input = TriggerSettingsInput.omit(FOLLOWING).extend({
  environment_variables: UpdateEnvironmentVariables,
})

const SettingsInput = Input.extend({
  root_directory: Input.shape.root_directory.default('/'),
  build_caching_enabled: z.boolean().default(true),
  path_includes: Input.shape.path_includes.default(['*']),
  path_excludes: Input.shape.path_excludes.default([]),
  clone_depth: Input.shape.clone_depth.default(DEFAULT_CLONE.clone_depth),
  clone_submodules: z.boolean().default(DEFAULT_CLONE.clone_submodules),
  clone_repositories: Input.shape.clone_repositories.default([]),
  build_image: Input.shape.build_image.default(null),
  network: BuildNetwork.default('full'),
  environment_variables: UpdateEnvironmentVariables.default({}),
})

const ConnectedBranch = Repository.extend({
  branch: z.string(),
  grant_id: z.string().nullable(),
  /** Not a field of Workers Builds. */
  repo_connection_uuid: z.uuid(),
  /** Returned once, when this connected the repository. */
  webhook_secret: z.string().optional(),
})

export const WorkerBuild = z
  .object({
    script_tag: ScriptTag,
    git_repository: ConnectedBranch,
    production_settings: WorkerBuildSettings,
    previews_enabled: z.boolean(),
    /** Left out when the Worker has no trigger for other branches. */
    previews_base_config: WorkerBuildSettings.optional(),
  })
  .meta({ id: 'WorkerBuild' })
export type WorkerBuild = z.infer<typeof WorkerBuild>

/** Workers Builds shows one field more of a trigger from before there were previews. */
const ShownSettings = WorkerBuildSettings.extend({ proposed_deploy_command: z.unknown() })

const SettingsPatch = Input.partial()
export type WorkerBuildSettingsPatch = z.infer<typeof SettingsPatch>

/** `POST …/builds/workers` */
export const CreateWorkerBuild = z
  .strictObject({
    script_tag: ScriptTag,
    git_repository: sentBack(RepositoryInput.extend({ branch: Branch }), ConnectedBranch),
    production_settings: sentBack(SettingsInput, ShownSettings),
    previews_enabled: z.boolean(),
    previews_base_config: sentBack(SettingsInput, ShownSettings),
  })
  .meta({ id: 'CreateWorkerBuild' })
export type CreateWorkerBuild = z.infer<typeof CreateWorkerBuild>

/** `PATCH …/builds/workers/:script_tag`: what is left out stays; a variable that is null goes. */
export const UpdateWorkerBuild = sentBack(
  z
    .object({
      git_repository: sentBack(z.object({ branch: Branch }), ConnectedBranch),
      production_settings: sentBack(SettingsPatch, ShownSettings),
      previews_enabled: z.boolean(),
      previews_base_config: sentBack(SettingsPatch, ShownSettings),
    })
    .partial(),
  WorkerBuild,
).meta({ id: 'UpdateWorkerBuild' })
export type UpdateWorkerBuild = z.infer<typeof UpdateWorkerBuild>

/** `POST …/builds/workers/:script_tag/migrate_to_previews` */
export const MigrateToPreviews = Input.pick({ deploy_command: true })
  .strict()
  .meta({ id: 'MigrateToPreviews' })
export type MigrateToPreviews = z.infer<typeof MigrateToPreviews>
