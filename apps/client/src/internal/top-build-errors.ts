import { BuildsError, type TopBuildErrors, v4Success } from '@workers-builds/contracts'
import type { Context } from 'hono'
import { z } from 'zod'
import type { ClientContext } from '../context.ts'
import { parseQuery } from '../middleware/parse-query.ts'

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000

const TopQuery = z.object({
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})

/** `GET /build-errors/top?from=&to=&limit=`: the top build issues; the last seven days if not told. */
export async function topBuildErrors(c: Context<ClientContext>): Promise<Response> {
  const query = parseQuery(c, TopQuery)
  // A moment later than now, so that what has just stopped counts.
  const to = query.to ? new Date(query.to) : new Date(Date.now() + 60_000)
  const from = query.from ? new Date(query.from) : new Date(to.getTime() - WEEK_MS)
  if (from >= to) {
    throw new BuildsError(
      'invalid_request',
      `Invalid query parameter from=${from.toISOString()}: it is not before to=${to.toISOString()}`,
    )
  }
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
