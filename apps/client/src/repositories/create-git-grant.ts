import { BuildsError, CreateGitGrant, GitGrantView, v4Success } from '@workers-builds/contracts'
import type { GitGrant } from '@workers-builds/store'
import { answers, jsonBody, operation } from '../api/operation.ts'
import { AccountPath } from '../api/parameters.ts'
import { buildManagement } from '../bindings.ts'

/** The user name that goes with an OAuth or access token when cloning from GitLab. */
const TOKEN_USER = 'oauth2'

export const createGitGrant = operation(
  {
    method: 'post',
    path: '/repos/grants',
    operationId: 'createGitGrant',
    summary: 'Store tokens with which repositories at GitLab are read; they are never returned',
    description:
      'Create one grant for all the connections of one authorization: a refresh token can be used once, and is replaced whenever the access token is about to expire.',
    request: { params: AccountPath, body: jsonBody(CreateGitGrant) },
    responses: answers(GitGrantView),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const { repo_connection_uuids, ...tokens } = c.req.valid('json')
    const grant_id = crypto.randomUUID()
    const place = (column: string) => ({ table: 'git_grants', row: grant_id, column })
    const refresh_token = tokens.kind === 'oauth' ? tokens.refresh_token : null
    const [access_token_sealed = '', refresh_token_sealed = null] = await buildManagement(
      c.env,
    ).sealBuildSecrets([
      { plaintext: tokens.access_token, place: place('access_token_sealed') },
      ...(refresh_token === null
        ? []
        : [{ plaintext: refresh_token, place: place('refresh_token_sealed') }]),
    ])
    const grant: GitGrant = {
      grant_id,
      account_id,
      access_token_sealed,
      refresh_token_sealed,
      provider_type: 'gitlab',
      kind: tokens.kind,
      username: tokens.kind === 'deploy_token' ? tokens.username : TOKEN_USER,
      expires_on: tokens.kind === 'oauth' ? new Date(tokens.expires_on) : null,
    }
    await c.var.store.transaction(async (tx) => {
      await tx.gitGrants.insert(grant)
      const set = await tx.repoConnections.setGrant({ account_id, repo_connection_uuids, grant_id })
      const missing = repo_connection_uuids.find((uuid) => !set.includes(uuid))
      if (missing === undefined) return
      throw new BuildsError(
        'not_found',
        `Not found: connection ${missing} to a repository at GitLab`,
      )
    })
    return c.json(v4Success({ grant_id, repo_connection_uuids }), 200)
  },
)
