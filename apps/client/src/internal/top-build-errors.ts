import { type TopBuildErrors, v4Success } from '@workers-builds/contracts'
import type { Context } from 'hono'
import type { ClientContext } from '../context.ts'
import { parseQuery } from '../middleware/parse-query.ts'
import { TimeRangeQuery, timeRange } from './time-range.ts'

/** `GET /build-errors/top?from=&to=&limit=`: the top build issues. */
export async function topBuildErrors(c: Context<ClientContext>): Promise<Response> {
  const query = parseQuery(c, TimeRangeQuery)
  const { from, to } = timeRange(query)
  const rows = await c.var.store.buildErrors.selectTop({
    from,
    to,
    limit: query.limit,
    min_accounts: Number(c.env.TOP_GROUP_MIN_ACCOUNTS),
  })
  const result: TopBuildErrors = {
    from: from.toISOString(),
    to: to.toISOString(),
    errors: rows.map((row) => ({ ...row, last_seen_on: row.last_seen_on.toISOString() })),
  }
  return c.json(v4Success(result))
}
