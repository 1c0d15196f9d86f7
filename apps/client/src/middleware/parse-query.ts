import { BuildsError } from '@workers-builds/contracts'
import type { Context } from 'hono'
import { z } from 'zod'

/** The query parameters as `schema` has them; says which one is wrong, and how. */
export function parseQuery<Schema extends z.ZodObject>(
  c: Context,
  schema: Schema,
): z.infer<Schema> {
  const query = c.req.query()
  const parsed = schema.safeParse(query)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const name = issue?.path.join('.') ?? 'query'
  throw new BuildsError(
    'invalid_request',
    `Invalid query parameter ${name}=${JSON.stringify(query[name])}: ${issue?.message}`,
  )
}

/** `page` from 1, and `per_page`. */
export const PageQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  per_page: z.coerce.number().int().min(1).max(200).default(50),
})
