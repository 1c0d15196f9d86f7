import { Fault, TopBuildErrors, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { resultInfo } from '../api/result-info.ts'
import { isInOrder, OUT_OF_ORDER, Range, rangeOf } from './time-range.ts'

/** Which errors to count, and which page of `limit` rows to return. */
const TopQuery = Range.extend({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  error_code: z.string().max(100).optional(),
  cause: z.string().max(100).optional(),
  fault: Fault.optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
})
  .transform(rangeOf)
  .refine(isInOrder, OUT_OF_ORDER)

export const topBuildErrors = operation(
  {
    method: 'get',
    path: '/build-errors/top',
    operationId: 'listTopBuildErrors',
    summary: 'List the most frequent build errors across accounts',
    request: { query: TopQuery },
    responses: answers(TopBuildErrors),
  },
  async (c) => {
    const { from, to, limit, page, ...filter } = c.req.valid('query')
    const { errors, total_count } = await c.var.store.errorCounts.selectTop({
      ...filter,
      from,
      to,
      limit,
      offset: (page - 1) * limit,
      min_accounts: Number(c.env.TOP_GROUP_MIN_ACCOUNTS),
    })
    const result: TopBuildErrors = {
      from: from.toISOString(),
      to: to.toISOString(),
      errors: errors.map((row) => ({ ...row, last_seen_on: row.last_seen_on.toISOString() })),
    }
    const info = resultInfo({ page, per_page: limit, count: errors.length, total_count })
    return c.json(v4Success(result, { result_info: info }), 200)
  },
)
