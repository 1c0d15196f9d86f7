import { BuildsError } from '@workers-builds/contracts'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import type { z } from 'zod'
import type { ClientContext } from '../context.ts'

/** Refuses bodies of more than `maxBytes`, by their announced size or while they are read. */
export function limitBody(maxBytes: number) {
  return bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new BuildsError('body_too_large', `The request body is larger than ${maxBytes} bytes.`)
    },
  })
}

/** Refuses a body that is there and is no JSON, also where nobody looks into it. */
export const requireJson = createMiddleware<ClientContext>(async (c, next) => {
  if (c.req.method !== 'GET') await readJson(c)
  await next()
})

/** The request's JSON as `schema` has it, no body being `{}`; names the field that is wrong. */
export async function parseBody<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const body = (await readJson(c)) ?? {}
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

/** Undefined when there is no body. Hono keeps what was read, so it may be read again. */
async function readJson(c: Context): Promise<unknown> {
  const text = await c.req.text()
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new BuildsError('invalid_request', 'Invalid request body: it is no JSON.')
  }
}
