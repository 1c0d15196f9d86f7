import { BuildErrorTrend, BuildsError, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { isInOrder, OUT_OF_ORDER, Range, rangeOf } from './time-range.ts'

const INTERVAL_HOURS = { hour: 1, day: 24, week: 168 } as const
const MOST_BUCKETS = 400

const TrendQuery = Range.extend({
  error_code: z.string().min(1).max(100),
  cause: z.string().max(100).optional(),
  error_group: z.string().max(500).optional(),
  interval: BuildErrorTrend.shape.interval.default('day'),
})
  .transform(rangeOf)
  .refine(isInOrder, OUT_OF_ORDER)

export const trendOfBuildErrors = operation(
  {
    method: 'get',
    path: '/build-errors/trend',
    operationId: 'getBuildErrorTrend',
    summary: 'Count the builds with an error over time',
    request: { query: TrendQuery },
    responses: answers(BuildErrorTrend),
  },
  async (c) => {
    const { from, to, interval, error_code, cause, error_group } = c.req.valid('query')
    const buckets = (to.getTime() - from.getTime()) / (INTERVAL_HOURS[interval] * 3_600_000)
    if (buckets > MOST_BUCKETS) {
      throw new BuildsError(
        'invalid_request',
        `interval=${interval} makes ${Math.ceil(buckets)} intervals of this range; at most ${MOST_BUCKETS} are returned. Ask for a longer interval or a shorter range.`,
      )
    }
    const trend = await c.var.store.errorCounts.selectTrend({
      from,
      to,
      interval,
      error_code,
      cause,
      error_group,
      min_accounts: Number(c.env.TOP_GROUP_MIN_ACCOUNTS),
    })
    if (!trend) {
      throw new BuildsError(
        'not_found',
        'No such error in this range, or too few accounts share its group for it to be shown.',
      )
    }
    const result: BuildErrorTrend = {
      ...trend,
      from: from.toISOString(),
      to: to.toISOString(),
      interval,
      error_code,
      cause: cause ?? null,
      error_group: error_group ?? null,
      first_seen_on: trend.first_seen_on.toISOString(),
      last_seen_on: trend.last_seen_on.toISOString(),
      buckets: trend.buckets.map((bucket) => ({
        ...bucket,
        starts_on: bucket.starts_on.toISOString(),
      })),
    }
    return c.json(v4Success(result), 200)
  },
)
