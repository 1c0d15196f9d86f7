import { BuildsError, type FieldError } from '@workers-builds/contracts'
import type { Context, ValidationTargets } from 'hono'
import type { z } from 'zod'
import type { ClientContext } from '../context.ts'
import { type Checked, fieldErrors } from './field-errors.ts'

type Result = { target: keyof ValidationTargets; data?: unknown } & (
  | { success: true }
  | { success: false; error: z.ZodError }
)

/**
 * Refuses a request that does not fit its operation: a path that names nothing is not found; of the
 * query and the body every wrong field is listed. `body` is what the body should be.
 */
export function refuseInvalid({ body }: { body?: z.ZodType | undefined } = {}) {
  return async (result: Result, c: Context<ClientContext>): Promise<void> => {
    if (result.success) return
    const { issues } = result.error
    if (result.target === 'param') {
      const [{ path, message } = { path: [], message: '' }] = issues
      const name = String(path[0])
      const value = c.req.param(name) ?? ''
      const why = (name === 'script_tag' && (await findTag(c, value))) || message
      throw new BuildsError('not_found', `Not found: ${name} ${value}: ${why}`)
    }
    const checked: Checked =
      result.target === 'json'
        ? { place: 'body', value: result.data, schema: body }
        : { place: 'query', value: result.data }
    throw invalidRequest(fieldErrors(issues, checked))
  }
}

/** What to write instead of the name of a Worker, which many take for its tag. */
async function findTag(
  c: Context<ClientContext>,
  script_name: string,
): Promise<string | undefined> {
  const account_id = c.req.param('account_id')
  if (account_id === undefined) return undefined
  const worker = await c.var.store.workers.selectByName({ account_id, script_name })
  return worker && `this is the Worker's name; its tag is ${worker.script_tag}`
}

/** The error that lists these fields. */
export function invalidRequest(fields: FieldError[]): BuildsError {
  return new BuildsError('invalid_request', fields[0]?.message ?? 'Invalid request', { fields })
}
