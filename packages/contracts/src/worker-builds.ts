/**
 * How a Worker is built, as one thing: its production settings, and those of all other branches.
 * Behind it stand the Worker's two triggers.
 */
import { z } from 'zod'
import { EnvironmentVariables } from './api.ts'
import { ScriptTag } from './ids.ts'
import { CreateTrigger, UpdateEnvironmentVariables, UpsertRepoConnection } from './settings.ts'

const trigger = CreateTrigger.shape
const Branch = z
  .string()
  .min(1)
  .max(256)
  .refine((branch) => !branch.includes('*'), { error: 'names one branch, without *' })

const SettingsInput = z.object({
  build_command: trigger.build_command,
  deploy_command: trigger.deploy_command,
  root_directory: trigger.root_directory.default('/'),
  build_caching_enabled: z.boolean().default(true),
  path_includes: trigger.path_includes.default(['*']),
  path_excludes: trigger.path_excludes.default([]),
  build_token_uuid: trigger.build_token_uuid,
  environment_variables: UpdateEnvironmentVariables.default({}),
})

const SettingsPatch = z
  .object({
    build_command: trigger.build_command,
    deploy_command: trigger.deploy_command,
    root_directory: trigger.root_directory,
    build_caching_enabled: z.boolean(),
    path_includes: trigger.path_includes,
    path_excludes: trigger.path_excludes,
    build_token_uuid: trigger.build_token_uuid,
    environment_variables: UpdateEnvironmentVariables,
  })
  .partial()
export type WorkerBuildSettingsPatch = z.infer<typeof SettingsPatch>

/** `POST …/builds/workers` */
export const CreateWorkerBuild = z
  .object({
    script_tag: ScriptTag,
    git_repository: UpsertRepoConnection.extend({ branch: Branch }),
    production_settings: SettingsInput,
    previews_enabled: z.boolean(),
    previews_base_config: SettingsInput,
  })
  .meta({ id: 'CreateWorkerBuild' })
export type CreateWorkerBuild = z.infer<typeof CreateWorkerBuild>

/** `PATCH …/builds/workers/:script_tag`: what is left out stays; a variable that is null goes. */
export const UpdateWorkerBuild = z
  .object({
    git_repository: z.object({ branch: Branch }),
    production_settings: SettingsPatch,
    previews_enabled: z.boolean(),
    previews_base_config: SettingsPatch,
  })
  .partial()
  .meta({ id: 'UpdateWorkerBuild' })
export type UpdateWorkerBuild = z.infer<typeof UpdateWorkerBuild>

/** `POST …/builds/workers/:script_tag/migrate_to_previews` */
export const MigrateToPreviews = z
  .object({ deploy_command: trigger.deploy_command })
  .meta({ id: 'MigrateToPreviews' })
export type MigrateToPreviews = z.infer<typeof MigrateToPreviews>

const Settings = z.object({
  build_command: z.string(),
  deploy_command: z.string(),
  root_directory: z.string(),
  build_caching_enabled: z.boolean(),
  path_includes: z.array(z.string()),
  path_excludes: z.array(z.string()),
  build_token_uuid: z.uuid(),
  environment_variables: EnvironmentVariables,
})
export type WorkerBuildSettings = z.infer<typeof Settings>

export const WorkerBuild = z
  .object({
    script_tag: ScriptTag,
    git_repository: UpsertRepoConnection.extend({
      branch: z.string(),
      grant_id: z.string().nullable(),
      /** Not told by Workers Builds. */
      repo_connection_uuid: z.uuid(),
      /** Told once, when the repository is connected by this. */
      webhook_secret: z.string().optional(),
    }),
    production_settings: Settings,
    previews_enabled: z.boolean(),
    /** Left out where nothing is said of other branches. */
    previews_base_config: Settings.optional(),
  })
  .meta({ id: 'WorkerBuild' })
export type WorkerBuild = z.infer<typeof WorkerBuild>
