import { BuildsError, ConfigAutofill, ProviderType, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { AccountPath } from '../api/parameters.ts'
import { buildManagement } from '../bindings.ts'

export const getConfigAutofill = operation(
  {
    method: 'get',
    path: '/repos/{provider_type}/{provider_account_id}/{repo_id}/config_autofill',
    operationId: 'getWorkerConfigAutofill',
    summary: 'Suggest build settings from the files of a connected repository',
    request: {
      params: AccountPath.extend({
        provider_type: ProviderType,
        provider_account_id: z.string().min(1).max(256),
        repo_id: z.string().min(1).max(256),
      }),
      query: z.object({
        branch: z.string().min(1).max(255),
        root_directory: z.string().max(256).default('/'),
      }),
    },
    responses: answers(ConfigAutofill),
  },
  async (c) => {
    const repository = c.req.valid('param')
    const { branch, root_directory } = c.req.valid('query')
    const repo_connection_uuid = await c.var.store.repoConnections.findUuid(repository)
    if (repo_connection_uuid === undefined) {
      throw new BuildsError(
        'not_found',
        `Not found: ${repository.provider_type} repository ${repository.repo_id}: connect it to this account first`,
      )
    }
    const config = await buildManagement(c.env).autofillConfig({
      repo_connection_uuid,
      branch,
      root_directory,
    })
    if (config !== null) return c.json(v4Success(config), 200)
    throw new BuildsError(
      'not_found',
      `Not found: the repository has no folder ${root_directory} on a branch ${branch}`,
    )
  },
)
