import { BuildToken, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { AccountPath, PageQuery } from '../api/parameters.ts'
import { resultInfo } from '../api/result-info.ts'

export const listBuildTokens = operation(
  {
    method: 'get',
    path: '/tokens',
    operationId: 'listBuildTokens',
    summary: "List an account's build tokens, oldest first, without their secrets",
    request: { params: AccountPath, query: PageQuery },
    responses: answers(z.array(BuildToken)),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const paging = c.req.valid('query')
    const { tokens, total_count } = await c.var.store.buildTokens.selectPage({
      account_id,
      ...paging,
    })
    const info = resultInfo({ ...paging, count: tokens.length, total_count })
    return c.json(v4Success(tokens, { result_info: info }), 200)
  },
)
