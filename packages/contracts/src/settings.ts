/** What a caller tells of how Workers are built: triggers, variables, tokens, repositories. */
import { z } from 'zod'
import { ProviderType, RepoConnection, Trigger } from './api.ts'
import { ScriptTag } from './ids.ts'

/** Most triggers of one Worker: one for production, one for the other branches. */
export const MAX_TRIGGERS = 2
/** Most variables of one trigger, and the longest value. */
export const MAX_VARIABLES = 64
export const MAX_VARIABLE_LENGTH = 5_000

const Name = z.string().min(1).max(256)
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

/** Where a repository stands in a URL: a name, or a group's path. */
const RepositoryPath = z
  .string()
  .max(256)
  .regex(/^(?!\.{1,2}(?:\/|$))[\w.-]+(?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)*$/, 'expected a name or path')

/** Never told back, nor quoted in an error. */
const Secret = z.string().min(1).max(5_000).meta({ writeOnly: true })

const triggerFields = {
  trigger_name: Name,
  build_command: Command,
  deploy_command: Command.min(1),
  root_directory: RootDirectory,
  branch_includes: Patterns,
  branch_excludes: Patterns,
  path_includes: Patterns,
  path_excludes: Patterns,
  build_token_uuid: z.uuid(),
}

/** `POST …/triggers` */
export const CreateTrigger = z
  .object({
    external_script_id: ScriptTag,
    repo_connection_uuid: z.uuid(),
    ...triggerFields,
    build_caching_enabled: z.boolean().default(false),
    /** Not told by Workers Builds: whether pushes are built. */
    builds_enabled: z.boolean().default(true),
  })
  .meta({ id: 'CreateTrigger' })
export type CreateTrigger = z.infer<typeof CreateTrigger>

/** `PATCH …/triggers/:trigger_uuid`: what is left out stays. */
export const UpdateTrigger = z
  .object({
    ...triggerFields,
    repo_connection_uuid: z.uuid(),
    build_caching_enabled: z.boolean(),
    builds_enabled: z.boolean(),
  })
  .partial()
  .meta({ id: 'UpdateTrigger' })
export type UpdateTrigger = z.infer<typeof UpdateTrigger>

/** A trigger as its own operations tell of it. */
export const TriggerDetails = Trigger.extend({
  build_token_uuid: z.uuid(),
  build_token_name: z.string(),
  builds_enabled: z.boolean(),
}).meta({ id: 'Trigger' })
export type TriggerDetails = z.infer<typeof TriggerDetails>

export const VariableKey = z
  .string()
  .max(256)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected letters, digits and _, no digit first')

/**
 * `PATCH …/environment_variables`: these are added to those that are there, or replace them; null
 * removes one. A secret with the value null, as it is read back, stays as it is.
 */
export const UpdateEnvironmentVariables = z
  .record(
    VariableKey,
    z
      .object({ is_secret: z.boolean(), value: z.string().max(MAX_VARIABLE_LENGTH).nullable() })
      .nullable(),
  )
  .refine((variables) => Object.keys(variables).length <= MAX_VARIABLES, {
    error: `at most ${MAX_VARIABLES} variables`,
  })
  .meta({ id: 'UpdateEnvironmentVariables' })
export type UpdateEnvironmentVariables = z.infer<typeof UpdateEnvironmentVariables>

/** `POST …/tokens` */
export const CreateBuildToken = z
  .object({
    build_token_name: Name,
    build_token_secret: Secret,
    cloudflare_token_id: z.string().min(1).max(64),
  })
  .meta({ id: 'CreateBuildToken' })
export type CreateBuildToken = z.infer<typeof CreateBuildToken>

export const BuildToken = z
  .object({
    build_token_uuid: z.uuid(),
    build_token_name: z.string(),
    cloudflare_token_id: z.string(),
    owner_type: z.enum(['user', 'account']),
  })
  .meta({ id: 'BuildToken' })
export type BuildToken = z.infer<typeof BuildToken>

/** `PUT …/repos/connections`: the repository by the ids that its provider gives it. */
export const UpsertRepoConnection = z
  .object({
    provider_type: ProviderType,
    provider_account_id: z.string().min(1).max(64),
    provider_account_name: RepositoryPath,
    repo_id: z.string().min(1).max(64),
    repo_name: RepositoryPath,
  })
  .meta({ id: 'UpsertRepoConnection' })
export type UpsertRepoConnection = z.infer<typeof UpsertRepoConnection>

/**
 * A connection, with the address to give the provider for its webhooks; the secret that they are
 * signed with is told once, when the connection is made.
 */
export const ConnectedRepo = RepoConnection.extend({
  webhook_url: z.url().nullable(),
  webhook_secret: z.string().optional(),
}).meta({ id: 'ConnectedRepo' })
export type ConnectedRepo = z.infer<typeof ConnectedRepo>

const SeedRepo = z.object({
  provider: z.enum(['github', 'gitlab']),
  owner: z.string().min(1).max(256),
  repository: z.string().min(1).max(256),
  branch: z.string().max(256).optional(),
  path: z.string().max(256).optional(),
  files: z
    .array(
      z.object({
        filename: z.string().min(1).max(256),
        content: z.string(),
        isBase64: z.boolean().default(false),
        replace: z.string().optional(),
      }),
    )
    .max(2)
    .optional(),
})

/** `POST …/triggers/:trigger_uuid/builds`: a branch as it is now, or a commit. */
export const CreateManualBuild = z
  .object({
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

/** `GET …/account/limits`: the first two are null for accounts that pay. */
export const AccountLimits = z
  .object({
    has_reached_build_minutes_limit: z.boolean().nullable(),
    build_minutes_refresh_on: z.iso.datetime().nullable(),
    /** Not told by Workers Builds. */
    plan: z.enum(['free', 'paid']),
    build_minutes_used: z.number(),
    build_minutes_included: z.int(),
  })
  .meta({ id: 'AccountLimits' })
export type AccountLimits = z.infer<typeof AccountLimits>

/** `GET …/config_autofill`: what a repository says of how its Worker is built. */
export const ConfigAutofill = z
  .object({
    config_file: z.string().nullable(),
    default_worker_name: z.string().nullable(),
    env_worker_names: z.record(z.string(), z.string()).nullable(),
    package_manager: z.enum(['npm', 'yarn', 'pnpm', 'bun', 'uv']),
    scripts: z.record(z.string(), z.string()).nullable(),
  })
  .meta({ id: 'ConfigAutofill' })
export type ConfigAutofill = z.infer<typeof ConfigAutofill>

/** `POST …/repos/grants`: what a person has allowed us at GitLab. */
export const CreateGitGrant = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('oauth'),
      access_token: Secret,
      refresh_token: Secret,
      expires_on: z.iso.datetime(),
    }),
    z.object({ kind: z.literal('access_token'), access_token: Secret }),
    /** Clones, and does nothing else. */
    z.object({
      kind: z.literal('deploy_token'),
      username: z.string().min(1).max(255),
      access_token: Secret,
    }),
  ])
  .and(
    z.object({
      /** The connections that are read with it from now on, all of GitLab. */
      repo_connection_uuids: z.array(z.uuid()).min(1).max(100),
    }),
  )
  .meta({ id: 'CreateGitGrant' })
export type CreateGitGrant = z.infer<typeof CreateGitGrant>

export const GitGrantView = z
  .object({ grant_id: z.uuid(), repo_connection_uuids: z.array(z.uuid()) })
  .meta({ id: 'GitGrant' })
export type GitGrantView = z.infer<typeof GitGrantView>
