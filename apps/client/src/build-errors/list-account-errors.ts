import { AccountErrors, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { AccountPath } from '../api/parameters.ts'
import { isInOrder, OUT_OF_ORDER, Range, rangeOf } from '../platform/time-range.ts'
import { explained } from './explained.ts'

const AccountErrorsQuery = Range.extend({
  limit: z.coerce.number().int().min(1).max(100).default(20),
})
  .transform(rangeOf)
  .refine(isInOrder, OUT_OF_ORDER)

export const listAccountErrors = operation(
  {
    method: 'get',
    path: '/errors',
    operationId: 'listAccountErrors',
    summary: 'List the most frequent failures of an account',
    request: { params: AccountPath, query: AccountErrorsQuery },
    responses: answers(AccountErrors),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const query = c.req.valid('query')
    const errors = await c.var.store.errorRecurrence.selectTopOfAccount({ account_id, ...query })
    const result: AccountErrors = {
      from: query.from.toISOString(),
      to: query.to.toISOString(),
      errors: errors.map((error) => ({
        ...explained(error),
        last_seen_on: error.last_seen_on.toISOString(),
      })),
    }
    return c.json(v4Success(result), 200)
  },
)
