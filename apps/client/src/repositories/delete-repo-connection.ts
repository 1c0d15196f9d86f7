import { BuildsError, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { AccountPath } from '../api/parameters.ts'
import { cancelBuilds } from '../bindings.ts'

export const deleteRepoConnection = operation(
  {
    method: 'delete',
    path: '/repos/connections/{repo_connection_uuid}',
    operationId: 'deleteRepoConnection',
    summary:
      'Disconnect a repository: delete its triggers with their variables, and cancel their unfinished builds',
    request: { params: AccountPath.extend({ repo_connection_uuid: z.uuid() }) },
    responses: answers(z.null()),
  },
  async (c) => {
    const connection = c.req.valid('param')
    const unfinished = await c.var.store.transaction(async (tx) => {
      // Triggers first, as a push locks them.
      const triggers = await tx.triggers.delete(connection)
      const disconnected = await tx.repoConnections.delete(connection)
      if (disconnected || triggers !== undefined) return triggers?.unfinished_build_ids ?? []
      throw new BuildsError(
        'not_found',
        `Not found: repository connection ${connection.repo_connection_uuid}`,
      )
    })
    await cancelBuilds(c.env, unfinished)
    return c.json(v4Success(null), 200)
  },
)
