/**
 * How a Worker is built, as one thing: its production settings, and those of all other branches.
 * It is a view on the Worker's two triggers.
 */
import { z } from 'zod'
import { EnvironmentVariables, UpdateEnvironmentVariables } from './environment-variables.ts'
import { ScriptTag } from './ids.ts'
import { Repository, UpsertRepoConnection } from './repo-connections.ts'
import { DEFAULT_CLONE, TriggerSettings, TriggerSettingsInput } from './triggers.ts'

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
  environment_variables: UpdateEnvironmentVariables.default({}),
})

const SettingsPatch = Input.partial()
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
export const MigrateToPreviews = Input.pick({ deploy_command: true }).meta({
  id: 'MigrateToPreviews',
})
export type MigrateToPreviews = z.infer<typeof MigrateToPreviews>

export const WorkerBuild = z
  .object({
    script_tag: ScriptTag,
    git_repository: Repository.extend({
      branch: z.string(),
      grant_id: z.string().nullable(),
      /** Not a field of Workers Builds. */
      repo_connection_uuid: z.uuid(),
      /** Returned once, when this connected the repository. */
      webhook_secret: z.string().optional(),
    }),
    production_settings: WorkerBuildSettings,
    previews_enabled: z.boolean(),
    /** Left out when the Worker has no trigger for other branches. */
    previews_base_config: WorkerBuildSettings.optional(),
  })
  .meta({ id: 'WorkerBuild' })
export type WorkerBuild = z.infer<typeof WorkerBuild>
