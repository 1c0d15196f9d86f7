import { NewBuildErrors, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { soon, Time } from './time-range.ts'

const SinceQuery = z
  .object({
    since: Time,
    to: Time.optional(),
    /** By which factor a known group has to be more frequent than before. */
    min_ratio: z.coerce.number().min(1).max(1_000_000).default(3),
    limit: z.coerce.number().int().min(1).max(1_000).default(100),
  })
  .transform(({ to = soon(), ...query }) => ({ ...query, to }))
  .refine(({ since, to }) => since < to, { path: ['since'], error: 'it is not before `to`' })

export const newBuildErrors = operation(
  {
    method: 'get',
    path: '/build-errors/new',
    operationId: 'listNewBuildErrors',
    summary: 'List errors that are new since a release, or several times as frequent',
    request: { query: SinceQuery },
    responses: answers(NewBuildErrors),
  },
  async (c) => {
    const { since, to, min_ratio, limit } = c.req.valid('query')
    const errors = await c.var.store.errorCounts.selectNews({
      from: since,
      to,
      min_ratio,
      limit,
      min_accounts: Number(c.env.TOP_GROUP_MIN_ACCOUNTS),
    })
    const result: NewBuildErrors = {
      since: since.toISOString(),
      to: to.toISOString(),
      errors: errors.map((error) => ({
        ...error,
        first_seen_on: error.first_seen_on.toISOString(),
        last_seen_on: error.last_seen_on.toISOString(),
      })),
    }
    return c.json(v4Success(result), 200)
  },
)
