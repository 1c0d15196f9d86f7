import { BuildsError, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { AccountPath } from '../api/parameters.ts'

export const deleteBuildToken = operation(
  {
    method: 'delete',
    path: '/tokens/{build_token_uuid}',
    operationId: 'deleteBuildToken',
    summary: 'Delete a build token; builds of triggers that use it fail until they get another',
    request: { params: AccountPath.extend({ build_token_uuid: z.uuid() }) },
    responses: answers(z.null()),
  },
  async (c) => {
    const token = c.req.valid('param')
    if (!(await c.var.store.buildTokens.delete(token))) {
      throw new BuildsError('not_found', `Not found: build token ${token.build_token_uuid}`)
    }
    return c.json(v4Success(null), 200)
  },
)
