import { TopBuildErrors, v4Success } from '@workers-builds/contracts'
import { answers, operation } from '../openapi/operation.ts'
import { TimeRangeQuery } from './time-range.ts'

export const topBuildErrors = operation(
  {
    method: 'get',
    path: '/build-errors/top',
    operationId: 'listTopBuildErrors',
    summary: 'The top build issues across accounts',
    request: { query: TimeRangeQuery },
    responses: answers(TopBuildErrors),
  },
  async (c) => {
    const { from, to, limit } = c.req.valid('query')
    const { errors } = await c.var.store.errorCounts.selectTop({
      from,
      to,
      limit,
      min_accounts: Number(c.env.TOP_GROUP_MIN_ACCOUNTS),
    })
    const result: TopBuildErrors = {
      from: from.toISOString(),
      to: to.toISOString(),
      errors: errors.map((row) => ({ ...row, last_seen_on: row.last_seen_on.toISOString() })),
    }
    return c.json(v4Success(result), 200)
  },
)
