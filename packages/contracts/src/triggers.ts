/** Triggers: which pushes build a Worker, and with which settings. */
import { z } from 'zod'
import { Dates, Name, sentBack } from './fields.ts'
import { ScriptTag } from './ids.ts'
import { FullRepositoryName, RepoConnection } from './repo-connections.ts'

/** Most triggers of one Worker: one for production, one for the other branches. */
export const MAX_TRIGGERS = 2

/**
 * What a build's build command reaches: everything, or nothing outside of its machine. Cloning, the
 * install and the deploy command always have the network.
 */
export const BuildNetwork = z.enum(['full', 'none'])
export type BuildNetwork = z.infer<typeof BuildNetwork>

/** The settings of a trigger. Every other shape that has some of them is derived from this one. */
export const TriggerSettings = z.object({
  trigger_name: z.string(),
  build_command: z.string(),
  deploy_command: z.string(),
  root_directory: z.string(),
  branch_includes: z.array(z.string()),
  branch_excludes: z.array(z.string()),
  path_includes: z.array(z.string()),
  path_excludes: z.array(z.string()),
  build_caching_enabled: z.boolean(),
  /** Not a field of Workers Builds: how many commits a build clones; 0 is the whole history. */
  clone_depth: z.int(),
  /** Not a field of Workers Builds: whether a build clones the repository's submodules. */
  clone_submodules: z.boolean(),
  /**
   * Not a field of Workers Builds: further repositories (`owner/name`) that a build's clone may
   * read, such as private submodules.
   */
  clone_repositories: z.array(z.string()),
  /**
   * Not a field of Workers Builds: the image of the containers that builds run in, by its name; null
   * for the account's, which is the newest unless it asks for another.
   */
  build_image: z.string().nullable(),
  /** Not a field of Workers Builds: whether the build command has the network. */
  network: BuildNetwork,
  /** Not a field of Workers Builds: whether pushes are built. */
  builds_enabled: z.boolean(),
  build_token_uuid: z.uuid(),
})
export type TriggerSettings = z.infer<typeof TriggerSettings>

/** How a build clones where nothing else is set. */
export const DEFAULT_CLONE = { clone_depth: 1, clone_submodules: true }

const Command = z.string().max(4_096)

/** A list; `cf` sends a text where its user gives a flag: the items with commas between them. */
const Patterns = z.preprocess(
  (value) => (typeof value === 'string' ? listItems(value) : value),
  z.array(z.string().min(1).max(256)).max(100),
)

function listItems(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

/** Below the repository's root, wherever it begins. */
const RootDirectory = z
  .string()
  .max(256)
  .refine((path) => !path.split('/').includes('..'), { error: 'must not leave the repository' })

/** Most commits that a clone counts; more history than that is all of it (0). */
const MAX_CLONE_DEPTH = 100_000

/** Most further repositories of one trigger: a token of a GitHub App covers them all. */
const MAX_CLONE_REPOSITORIES = 100

/** The longest name that the platform takes for an image. */
const MAX_IMAGE_NAME = 128

/** The same in a request. What is stored is read without these limits, so that they may change. */
export const TriggerSettingsInput = TriggerSettings.extend({
  trigger_name: Name,
  build_command: Command,
  deploy_command: Command.min(1),
  root_directory: RootDirectory,
  branch_includes: Patterns,
  branch_excludes: Patterns,
  path_includes: Patterns,
  path_excludes: Patterns,
  clone_depth: z.int().min(0).max(MAX_CLONE_DEPTH),
  clone_repositories: z.array(FullRepositoryName).max(MAX_CLONE_REPOSITORIES),
  build_image: z.string().min(1).max(MAX_IMAGE_NAME).nullable(),
})

/** `POST …/triggers` */
export const CreateTrigger = TriggerSettingsInput.extend({
  external_script_id: ScriptTag,
  repo_connection_uuid: z.uuid(),
  build_caching_enabled: z.boolean().default(false),
  builds_enabled: z.boolean().default(true),
  clone_depth: TriggerSettingsInput.shape.clone_depth.default(DEFAULT_CLONE.clone_depth),
  clone_submodules: z.boolean().default(DEFAULT_CLONE.clone_submodules),
  clone_repositories: TriggerSettingsInput.shape.clone_repositories.default([]),
  build_image: TriggerSettingsInput.shape.build_image.default(null),
  network: BuildNetwork.default('full'),
})
  .strict()
  .meta({ id: 'CreateTrigger' })
export type CreateTrigger = z.infer<typeof CreateTrigger>

/** A trigger as a build shows it. */
export const Trigger = TriggerSettings.omit({
  build_token_uuid: true,
  builds_enabled: true,
}).extend({
  trigger_uuid: z.uuid(),
  external_script_id: ScriptTag,
  ...Dates.shape,
  repo_connection: RepoConnection,
})
export type Trigger = z.infer<typeof Trigger>

/** A trigger as its own operations show it. */
export const TriggerDetails = Trigger.extend({
  ...TriggerSettings.shape,
  build_token_name: z.string(),
}).meta({ id: 'Trigger' })
export type TriggerDetails = z.infer<typeof TriggerDetails>

/** `PATCH …/triggers/:trigger_uuid`: what is left out stays. */
export const UpdateTrigger = sentBack(
  TriggerSettingsInput.extend({ repo_connection_uuid: z.uuid() }).partial(),
  TriggerDetails,
).meta({ id: 'UpdateTrigger' })
export type UpdateTrigger = z.infer<typeof UpdateTrigger>
