/** The REST API as the tools call it: in this process, with the bearer of the tool's caller. */
import { type V4Error, v4Envelope } from '@workers-builds/contracts'
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import type { ClientContext } from '../context.ts'

/** A tool's answer when it failed, for the model to read. */
export class ToolError extends Error {
  override readonly name = 'ToolError'
}

export type ApiCaller = <Result extends z.ZodType>(
  path: string,
  result: Result,
) => Promise<z.infer<Result>>

const Failure = z.object({ errors: z.array(z.object({ message: z.string() })).min(1) })

/**
 * Each call goes through the routes of the REST API, with their checks of access and parameters: the
 * tools have no rules of their own.
 */
export function apiCaller(c: Context<ClientContext>, app: Hono<ClientContext>): ApiCaller {
  const headers = new Headers()
  for (const name of ['authorization', 'cf-access-jwt-assertion', 'cf-connecting-ip']) {
    const value = c.req.header(name)
    if (value !== undefined) headers.set(name, value)
  }
  return async (path, result) => {
    const url = new URL(path, c.req.url)
    const response = await app.request(url.href, { headers }, c.env, c.executionCtx)
    const answer: unknown = await response.json()
    if (!response.ok) throw new ToolError(failureText(Failure.parse(answer).errors))
    return result.parse(v4Envelope(z.unknown()).parse(answer).result)
  }
}

function failureText(errors: Pick<V4Error, 'message'>[]): string {
  return errors.map((error) => error.message).join('\n')
}
