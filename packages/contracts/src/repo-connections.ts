/** Repositories: how they are connected and read, and the build settings that their files suggest. */
import { z } from 'zod'
import { Dates, Secret, sentBack } from './fields.ts'

export const ProviderType = z.enum(['github', 'gitlab', 'gitlab_internal', 'origin'])
export type ProviderType = z.infer<typeof ProviderType>

/** A repository as its provider knows it. */
export const Repository = z.object({
  provider_type: ProviderType,
  provider_account_id: z.string(),
  provider_account_name: z.string(),
  repo_id: z.string(),
  repo_name: z.string(),
})
export type Repository = z.infer<typeof Repository>

export const RepoConnection = Repository.extend({
  repo_connection_uuid: z.uuid(),
  ...Dates.shape,
})
export type RepoConnection = z.infer<typeof RepoConnection>

/** A part of a repository's URL: a name, or a group's path. */
const RepositoryPath = z
  .string()
  .max(256)
  .regex(/^(?!\.{1,2}(?:\/|$))[\w.-]+(?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)*$/, 'expected a name or path')

/** `owner/name`; the owner may be a group's path. */
export const FullRepositoryName = RepositoryPath.refine((path) => path.includes('/'), {
  error: 'expected owner/name',
})

/** The repository by the ids that its provider gives it. */
export const RepositoryInput = Repository.extend({
  provider_account_id: z.string().min(1).max(64),
  provider_account_name: RepositoryPath,
  repo_id: z.string().min(1).max(64),
  repo_name: RepositoryPath,
})

/**
 * A connection, with the address to give the provider for its webhooks; the secret that they are
 * signed with is returned once, when the connection is made.
 */
export const ConnectedRepo = RepoConnection.extend({
  webhook_url: z.url().nullable(),
  webhook_secret: z.string().optional(),
}).meta({ id: 'ConnectedRepo' })
export type ConnectedRepo = z.infer<typeof ConnectedRepo>

/** `PUT …/repos/connections` */
export const UpsertRepoConnection = sentBack(RepositoryInput, ConnectedRepo).meta({
  id: 'UpsertRepoConnection',
})
export type UpsertRepoConnection = z.infer<typeof UpsertRepoConnection>

/** `GET …/config_autofill`: the build settings that a repository's files suggest. */
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

/** The connections that are read with a grant from now on, all of GitLab. */
const GrantedConnections = { repo_connection_uuids: z.array(z.uuid()).min(1).max(100) }

/** `POST …/repos/grants`: a person's authorization to read repositories at GitLab. */
export const CreateGitGrant = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('oauth'),
      access_token: Secret,
      refresh_token: Secret,
      expires_on: z.iso.datetime(),
      ...GrantedConnections,
    }),
    z.strictObject({
      kind: z.literal('access_token'),
      access_token: Secret,
      ...GrantedConnections,
    }),
    /** Clones, and does nothing else. */
    z.strictObject({
      kind: z.literal('deploy_token'),
      username: z.string().min(1).max(255),
      access_token: Secret,
      ...GrantedConnections,
    }),
  ])
  .meta({ id: 'CreateGitGrant' })
export type CreateGitGrant = z.infer<typeof CreateGitGrant>

export const GitGrantView = z
  .object({ grant_id: z.uuid(), repo_connection_uuids: z.array(z.uuid()) })
  .meta({ id: 'GitGrant' })
export type GitGrantView = z.infer<typeof GitGrantView>
