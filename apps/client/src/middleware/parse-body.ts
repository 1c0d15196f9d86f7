import { BuildsError } from '@workers-builds/contracts'
import type { Context } from 'hono'
import type { z } from 'zod'

/** The request's JSON as `schema` has it, no body being `{}`; names the field that is wrong. */
export async function parseBody<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const text = await c.req.text()
  const body: unknown = text.trim() === '' ? {} : parseJson(text)
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path ?? []
  const got = path.reduce<unknown>((value, key) => Object(value)[key], body)
  throw new BuildsError(
    'invalid_request',
    `Invalid request body: ${path.join('.') || 'body'}=${JSON.stringify(got)}: ${issue?.message}`,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BuildsError('invalid_request', 'Invalid request body: it is no JSON.')
  }
}
